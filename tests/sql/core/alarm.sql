-- Other tests of this database leave nothing behind, and its partitions may not be made yet.
select plan(6);

create function pg_temp.alarms() returns text language sql as $$
    select coalesce(string_agg(distinct alarm, ', '), 'none')
    from core.alarm_rows() where alarm !~ '^partition';
$$;

select is(pg_temp.alarms(), 'none', 'in a quiet hour no alarm is on');

update data.verification_settings set value = 3 where name = 'flood_refusals';
select core.audit_add(null, 'rate_limit_exceeded', '192.0.2.7', 'agent')
from generate_series(1, 3);
select is(pg_temp.alarms(), 'none', 'as many refusals as are allowed raise none');
select core.audit_add(null, 'rate_limit_exceeded', '192.0.2.7', 'agent');
select is(pg_temp.alarms(), 'code_flood', 'one more is a flood');

update data.verification_settings set value = 1000 where name = 'flood_refusals';
update data.verification_settings set value = 2 where name = 'flood_sends';
select core.audit_add(null, 'send_code', '192.0.2.7', 'agent') from generate_series(1, 3);
select is(
    (select value from core.alarm_rows() where alarm = 'code_flood'), 3::bigint,
    'so are more sends than the budget of an hour'
);

update data.verification_settings set value = 1000 where name = 'flood_sends';
select core.verification_tally(-1, 0, 0, 10000);
select is(pg_temp.alarms(), 'verification_stopped', 'that nothing is checked any more is told');

delete from data.verification_days;
update data.verification_settings set value = 2, is_test = true where name = 'code_digits';
select is(pg_temp.alarms(), 'test_settings', 'as is a figure that only a test may set');

select * from finish();
