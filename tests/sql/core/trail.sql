select plan(10);

insert into data.users (id) values (-1);
select core.audit_add(-1, event, '192.0.2.7', 'agent')
from unnest('{register,login_ok,logout}'::text[]) as event;
select core.audit_add(null, 'login_failed', '2001:db8::7', 'agent');

select results_eq(
    $$select id, event_type from core.trail_own(-1, null, 2)$$,
    $$values (3::bigint, 'logout'), (2, 'login_ok')$$, 'newest first'
);
select results_eq(
    $$select id, event_type from core.trail_own(-1, 2, 2)$$,
    $$values (1::bigint, 'register')$$, 'a page goes on behind a place'
);

select is(
    core.trail_cursor('1970-01-01 00:00:01.5+00', 7, 'user:5'), '1500000.7.user:5',
    'a cursor is moment, place and chain'
);
select is(core.trail_check('1500000.7.source:63'), true, 'what was made is taken');
select is(core.trail_check(null), true, 'so is none');
select throws_ok(
    $$select core.trail_check('1500000.7.user:5; drop')$$, 'PT422',
    'cursor must be the next_cursor of an earlier page', 'nothing else is'
);

select results_eq(
    $$select event_type, user_id is null
      from core.trail_search(null, '2001:db8::ffff', null, null, 10)$$,
    $$values ('login_failed', true)$$, 'a search by an address finds its /64'
);
select results_eq(
    $$select event_type from core.trail_search(-1, null, 'logout', null, 10)$$,
    $$values ('logout')$$, 'a search by user and kind finds both'
);
select results_eq(
    $$select event_type from core.trail_search(
        -1, null, null,
        (select core.trail_cursor(created_at, place, chain) from data.verification_audit_log
         where chain = 'user:-1' and place = 2),
        10
    )$$,
    $$values ('register')$$, 'a page goes on behind a cursor'
);

select core.trail_settle(
    '-infinity',
    (
        select created_at + interval '1 microsecond' from data.verification_audit_log
        where chain = 'user:-1' and place = 2
    )
);
select is(
    (select kept_place from data.audit_heads where chain = 'user:-1'), 2::bigint,
    'the head knows what leaves'
);

select * from finish();
