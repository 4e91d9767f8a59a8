-- Jobs as an admin sees them and as the workers ask.
select plan(10);

create function core.chore_one() returns json language sql as $$
    select '{"is_done": true, "count": 3}'::json
$$;
delete from data.job_schedules;
call core.job('chore', 'core.chore_one()', cron => '0 2 * * *', summary => 'A chore');

select is(api.job_look() ->> 'offers', '[]', 'nothing is due');
select is(
    api.job_list() -> 'items' -> 0 ->> 'name', 'chore', 'the list has every job with its schedule'
);
select is(
    api.job_edit('chore', '5 4 * * 1', 'Europe/Prague', null, 1) ->> 'version', '2',
    'an edit raises the version'
);
select throws_ok($$select api.job_edit('chore', '5 4 * * 1', 'Europe/Atlantis')$$, 'PT422');
select is(api.job_run('chore') ->> 'id' is not null, true, 'a run is asked for');
select throws_ok($$select api.job_run('chore')$$, 'PT409');
select is(
    (api.job_look() -> 'offers' -> 0 ->> 'id')::bigint, (select max(id) from data.job_runs),
    'the next look hands it to the queue'
);
select is(
    api.job_begin((select max(id) from data.job_runs), 'a') ->> 'job', 'chore', 'a worker begins'
);
select is(
    api.job_step((select max(id) from data.job_runs), 'a')::jsonb,
    '{"state": "done", "count": 3}', 'and is done'
);
select is(
    api.job_history('chore') -> 'items' -> 0 ->> 'status', 'done', 'the history has it on top'
);

select * from finish();
