-- What is due, and when the next time is; a test's own jobs among those of the product.
select plan(15);

create function core.chore_one() returns json language sql as $$
    select '{"is_done": true, "count": 1}'::json
$$;
create function core.runs(_job text) returns bigint language sql as $$
    select count(*) from data.job_runs where job = _job
$$;
call core.job('chore', 'core.chore_one()', cron => '0 2 * * *', summary => 'A chore');
call core.job('other', 'core.chore_one()', cron => '0 2 * * *', summary => 'Another');

select lives_ok('select core.schedule_claim()');
select is(
    (select next_at from data.job_schedules where name = 'chore'),
    core.cron_next('0 2 * * *', 'UTC', now()), 'at first sight the next time is ahead'
);
select is(core.runs('chore'), 0::bigint, 'nothing was due');

update data.job_schedules
set next_at = core.cron_last('0 2 * * *', 'UTC', now(), now()) - interval '3 days'
where name = 'chore';
select core.schedule_claim();
select results_eq(
    $$select count(*), max(due_at) from data.job_runs where job = 'chore'$$,
    $$select 1::bigint, core.cron_next('0 2 * * *', 'UTC', now()) - interval '1 day'$$,
    'of four nights that were missed there is one run, with the last of them'
);
select core.schedule_claim();
select is(core.runs('chore'), 1::bigint, 'a time comes once');

update data.job_schedules set next_at = now() - interval '1 minute' where name = 'chore';
select core.schedule_claim();
select is(core.runs('chore'), 1::bigint, 'what is due while its run is open waits');
update data.job_runs set status = 'done', finished_at = now() where job = 'chore';
select core.schedule_claim();
select is(core.runs('chore'), 2::bigint, 'and comes when that is over');

update data.job_schedules set cron = '7 7 * * *' where name = 'other';
select core.schedule_claim();
select is(
    (select next_at from data.job_schedules where name = 'other'),
    core.cron_next('7 7 * * *', 'UTC', now()), 'an edit is gone by at the next look'
);
update data.job_schedules set cron = '99 7 * * *' where name = 'other';
update data.job_schedules set next_at = now() - interval '1 minute' where name = 'chore';
update data.job_runs set status = 'done', finished_at = now() where status = 'queued';
select core.schedule_claim();
select is(
    (select next_at is null and fault ~ '^cron' from data.job_schedules where name = 'other'),
    true, 'an edit that cannot be read is said'
);
select is(core.runs('chore'), 3::bigint, 'and holds nobody else up');
update data.job_schedules set cron = '8 7 * * *' where name = 'other';
select core.schedule_claim();
select is(
    (select next_at is not null and fault is null from data.job_schedules where name = 'other'),
    true, 'until it is put right'
);

update data.job_schedules set next_at = now() - interval '9 days' where name = 'other';
select core.schedule_edit('other', null, null, false, 1);
select core.schedule_claim();
select core.schedule_edit('other', null, null, true, 2);
select core.schedule_claim();
select is(core.runs('other'), 0::bigint, 'what fell into a pause is not made up for');
select throws_ok($$select core.schedule_edit('other', '1 1 * * *', null, null, 1)$$, 'PT412');
select throws_ok($$select core.schedule_edit('nobody', null, null, true, null)$$, 'PT404');
select throws_ok($$select core.schedule_edit('other', '0 0 31 2 *', null, null, null)$$, 'PT422');

select * from finish();
