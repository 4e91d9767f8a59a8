-- Late, failed and unreadable jobs, for metrics and alarms.
select plan(6);

create function core.chore_one() returns json language sql as $$
    select '{"is_done": true, "count": 1}'::json
$$;
delete from data.job_schedules;
call core.job('chore', 'core.chore_one()', cron => '0 2 * * *', summary => 'A chore');
select core.schedule_claim();
select results_eq(
    'select late_s, running_s from core.delay_rows()', 'values (0.000, 0.000)', 'all is well'
);
select is_empty('select * from core.delay_faults()', 'and no alarm is on');

update data.job_schedules set next_at = now() - interval '10 minutes';
select is(
    (select late_s from core.delay_rows()), 600.000, 'late since it was due and nobody looked'
);
select core.execution_ask('chore');
update data.job_runs set due_at = now() - interval '7 minutes';
select results_eq(
    $$select job, fault, value from core.delay_faults()$$,
    $$values ('chore', 'late', 420::bigint)$$,
    'late since a run was due that nobody has begun'
);
update data.job_runs
set status = 'running', runner = 'x', started_at = now() - interval '1 minute';
select results_eq(
    'select late_s, running_s from core.delay_rows()', 'values (0.000, 60.000)',
    'not late any more, but running'
);
update data.job_runs set status = 'failed', finished_at = now(), attempts = 5;
update data.job_schedules set next_at = now() + interval '1 day', fault = 'cron: so it is';
select results_eq(
    'select job, fault, value from core.delay_faults()',
    $$values ('chore', 'failed', 5::bigint), ('chore', 'unreadable', 1)$$,
    'its newest run failed, and its schedule cannot be read'
);

select * from finish();
