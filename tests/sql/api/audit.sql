select plan(8);

insert into data.users (id) values (-1);
select core.audit_add(-1, event, '192.0.2.7', 'agent')
from unnest('{register,login_ok,logout}'::text[]) as event;
select set_config('app.user_id', '-1', true);

select is(
    api.audit_list(-1, 2) -> 'items' -> 0 ->> 'event_type', 'logout', 'the newest event is first'
);
select is(api.audit_list(-1, 2) ->> 'next_cursor', '0.2', 'a full page says where to go on');
select is(
    api.audit_list(-1, 2, '0.2')::jsonb #>> '{items,0,event_type}', 'register', 'and there it does'
);
select is(
    api.audit_search(
        (select public_id from data.users where id = -1), '192.0.2.7', 'login_ok'
    )::jsonb #>> '{items,0,user_id}',
    (select public_id::text from data.users where id = -1), 'an admin sees public ids'
);
select throws_ok(
    $$select api.audit_search(_ip_address => '300.1.1.1')$$, 'PT422',
    'ip_address must be an address', 'what is no address is refused'
);
select throws_ok(
    $$select api.audit_search(gen_random_uuid())$$, 'PT404', 'No such user', 'nor anybody else'
);
select is(api.audit_verify() ->> 'is_sound', 'true', 'an untouched log is sound');
delete from data.verification_audit_log where chain = 'user:-1' and place = 2;
select is(
    api.audit_verify()::jsonb -> 'items',
    '[{"chain": "user:-1", "place": 3, "fault": "gap"}]'::jsonb, 'a missing row is named'
);

select set_config('app.user_id', '', true);
select * from finish();
