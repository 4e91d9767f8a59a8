-- Rows are planted as the superuser would: nobody else can change one.
select plan(19);

select is(core.audit_chain(-1, '192.0.2.7'), 'user:-1', 'a known user has a chain of their own');
select matches(
    core.audit_chain(null, '192.0.2.7'), '^source:[0-9]{1,2}$', 'strangers share 64 chains'
);
select is(
    core.audit_chain(null, '2001:db8::1'), core.audit_chain(null, '2001:db8::ffff'),
    'one /64 is in one chain'
);
select isnt(
    core.audit_hash('\x00', 'user:-1', 1, '2026-01-01', null, null, null, 'login_ok', '{}', 0),
    core.audit_hash('\x01', 'user:-1', 1, '2026-01-01', null, null, null, 'login_ok', '{}', 0),
    'a row is hashed with the hash before it'
);
select is(
    core.audit_hash('\x00', 'user:-1', 1, '2026-01-01 00:00:00+00', null, null, null, 'login_ok',
        '{"a": 1, "b": 2}', 0),
    core.audit_hash('\x00', 'user:-1', 1, '2026-01-01 01:00:00+01', null, null, null, 'login_ok',
        '{"b":2,"a":1}', 0.000),
    'what is the same is hashed the same, however it is written'
);

select core.audit_add(-1, 'register', '192.0.2.7', 'agent');
select core.audit_add(
    -1, 'login_ok', '192.0.2.7', repeat('x', 600), '+420600000001', '{"kind": "session"}', 7
);
select core.audit_add(-1, 'logout', null, null);
select core.audit_add(null, 'login_failed', '192.0.2.7', 'agent');

select results_eq(
    $$select place, event_type from data.verification_audit_log
      where chain = 'user:-1' order by place$$,
    $$values (1::bigint, 'register'), (2, 'login_ok'), (3, 'logout')$$,
    'events stand in the order in which they happened'
);
select results_eq(
    $$select length(user_agent), risk_score, source::text from data.verification_audit_log
      where chain = 'user:-1' and place = 2$$,
    $$values (500, 1.000::numeric(4, 3), '192.0.2.7/32')$$,
    'an agent is cut, a risk ends at 1'
);
select is(
    (select place from data.audit_heads where chain = 'user:-1'), 3::bigint,
    'the head knows the last place'
);
select is(
    (select count(*)::integer from core.audit_faults('user:-1')), 0, 'an untouched chain is sound'
);

-- Faults of the chain after _plant, which is taken back again.
create function pg_temp.faults_after(_plant text) returns text language plpgsql as $$
declare
    v_faults text;
begin
    execute _plant;
    select string_agg(format('%s %s', place, fault), ', ') into v_faults
    from core.audit_faults('user:-1');
    raise division_by_zero;
exception when division_by_zero then
    return v_faults;
end;
$$;

select is(
    pg_temp.faults_after(
        $$update data.verification_audit_log set ip_address = '192.0.2.8'
          where chain = 'user:-1' and place = 1$$
    ),
    '1 edited', 'an edited row is found, and it alone'
);
select is(
    pg_temp.faults_after(
        $$update data.verification_audit_log set event_type = 'login_failed', row_hash =
              core.audit_hash(
                  (select row_hash from data.verification_audit_log
                   where chain = 'user:-1' and place = 1),
                  chain, place, created_at, ip_address, user_agent, phone_number,
                  'login_failed', event_details, risk_score
              )
          where chain = 'user:-1' and place = 2$$
    ),
    '3 edited', 'a row that was edited and hashed again breaks the row behind it'
);
select is(
    pg_temp.faults_after(
        $$delete from data.verification_audit_log where chain = 'user:-1' and place = 2$$
    ),
    '3 gap', 'a deleted row leaves a gap'
);
select is(
    pg_temp.faults_after(
        $$delete from data.verification_audit_log where chain = 'user:-1' and place = 1$$
    ),
    '2 gap', 'a missing beginning is a gap'
);
select is(
    pg_temp.faults_after(
        $$delete from data.verification_audit_log where chain = 'user:-1' and place = 3$$
    ),
    '3 cut tail', 'a missing tail is found by the head'
);
select is(
    pg_temp.faults_after($$delete from data.verification_audit_log where chain = 'user:-1'$$),
    '3 cut tail', 'a chain that is gone is found by its head'
);
select is(
    pg_temp.faults_after($$delete from data.audit_heads where chain = 'user:-1'$$),
    '3 beyond the head', 'rows without a head are found'
);
select is(
    pg_temp.faults_after(
        $$with cut as (
              delete from data.verification_audit_log where chain = 'user:-1' and place = 3
          )
          update data.audit_heads set place = 2 where chain = 'user:-1'$$
    ),
    '2 head does not fit', 'a head that was set back does not fit'
);

-- The owner of the table has no right to change what is there, nor has the steward.
select is_empty(
    $$select role, relation, privilege
      from unnest('{owner,steward,service}'::text[]) as role
      cross join unnest(
          '{data.verification_audit_log,data.verification_audit_log_default}'::text[]
      ) as relation
      cross join unnest('{update,delete,truncate}'::text[]) as privilege
      where has_table_privilege(role, relation, privilege)$$,
    'no role of ours can change a row, not even of a partition'
);
set local role owner;
select set_config('app.user_id', '-2', true);
select set_config(
    'app.seen', (select count(*) from data.verification_audit_log where user_id = -1)::text, true
);
reset role;
select is(current_setting('app.seen'), '0', 'another user reads nothing of it');

select * from finish();
