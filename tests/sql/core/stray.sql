-- The audit log has a DEFAULT partition; what is planted lies in it as long as its month has none.
select plan(8);

select results_eq(
    $$select name, moment from core.stray_key('data.verification_audit_log')$$,
    $$values ('created_at', 'created_at at time zone ''UTC''')$$, 'months are those of UTC'
);

insert into data.verification_audit_log (chain, place, user_id, event_type, created_at, row_hash)
values
    ('user:-1', 1, -1, 'login_ok', '2031-02-28 23:59:59+00', sha256('one')),
    ('user:-1', 2, -1, 'login_ok', '2031-03-01 00:00:00+00', sha256('two'));

select results_eq(
    $$select * from core.stray_dates(
        'data.verification_audit_log', 'month', '2031-01-01', '2031-12-31')$$,
    $$values (date '2031-02-01'), ('2031-03-01')$$, 'each month that a stray waits for, once'
);
select is(
    (select relforcerowsecurity from pg_class
     where oid = 'data.verification_audit_log_default'::regclass),
    true, 'the wall stands again after a look'
);

create table data.strays_of_february (like data.verification_audit_log including all);
select is(
    core.stray_move(
        'data.verification_audit_log', 'data.strays_of_february', '2031-02-01', '2031-03-01'
    ),
    1::bigint, 'strays of the month are moved, and no other'
);
select results_eq(
    $$select place, event_type from data.strays_of_february$$, $$values (1::bigint, 'login_ok')$$,
    'a stray is moved whole'
);
select is(
    (select relforcerowsecurity from pg_class
     where oid = 'data.verification_audit_log_default'::regclass),
    true, 'the wall stands again after a move'
);
select lives_ok(
    $$select core.stray_wall('data.verification_audit_log', false),
             core.stray_wall('data.verification_audit_log', true)$$,
    'a wall that is lifted is put back'
);

select core.stray_lock('data.verification_audit_log');
select is(
    has_table_privilege('owner', 'data.verification_audit_log', 'truncate'), false,
    'the right that a lock wants is gone with it'
);

select * from finish();
