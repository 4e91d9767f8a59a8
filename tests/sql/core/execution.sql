-- A run from the asking to its end: one runner at a time, batch by batch.
select plan(22);

create table data.chores (batch integer, due_at timestamptz);
create function core.chore_one(_most integer, _due_at timestamptz default null)
returns json language plpgsql as $$
begin
    if _most < 0 then
        raise exception 'no' using errcode = '22012';
    end if;
    insert into data.chores values (1, _due_at);
    return json_build_object('is_done', (select count(*) from data.chores) >= _most, 'count', 7);
end;
$$;
grant all on data.chores to owner;
delete from data.job_schedules;
call core.job(
    'chore', 'core.chore_one(integer, timestamptz)', cron => '0 2 * * *', summary => 'A chore',
    arguments => '{"most": 2}', timeout_s => 30
);
create function core.run() returns bigint language sql as 'select max(id) from data.job_runs';

select lives_ok($$select core.execution_ask('chore')$$, 'anybody may ask for a run');
select throws_ok($$select core.execution_ask('chore')$$, 'PT409');
select throws_ok($$select core.execution_ask('nobody')$$, 'PT404');
select results_eq(
    'select job, id from core.execution_offer()', $$select 'chore', core.run()$$,
    'a new run is offered to the queue'
);
select is_empty('select * from core.execution_offer()', 'once');

select is(core.execution_step(core.run(), 'a') ->> 'state', 'lost', 'nobody has it yet');
select is(core.execution_begin(core.run(), 'a') ->> 'state', 'go', 'a takes it up');
select is(core.execution_step(core.run(), 'b') ->> 'state', 'lost', 'it is not b''s');
select is(core.execution_step(core.run(), 'a') ->> 'state', 'more', 'one batch of two');
select is(
    core.execution_begin(core.run(), 'b') ->> 'late_s', null,
    'b takes it over: that it was late was told before'
);
select is(core.execution_step(core.run(), 'a') ->> 'state', 'lost', 'who was taken for dead stops');
select is(core.execution_settle(core.run(), 'a', true, 'x'), false, 'and has no say any more');
select is(core.execution_step(core.run(), 'b') ->> 'state', 'done', 'b goes on where a was');
select results_eq(
    $$select status, attempts, batch_count, row_count, error from data.job_runs$$,
    $$values ('done', 2, 2, 14::bigint, null::text)$$, 'what it took is in its row'
);
select is(
    (select count(distinct due_at) from data.chores), 1::bigint,
    'every batch is told the same moment'
);
select is(core.execution_begin(core.run(), 'b') ->> 'state', 'over', 'what is over is over');

update data.job_schedules set arguments = '{"most": -1}';
select core.execution_ask('chore');
select core.execution_begin(core.run(), 'a');
update data.job_schedules set arguments = '{"most": 1}';
select throws_ok($$select core.execution_step(core.run(), 'a')$$, '22012');
select is(core.execution_settle(core.run(), 'a', false, 'E1'), true, 'back to the queue');
select is(core.execution_begin(core.run(), 'c') ->> 'failures', '1', 'with what went wrong');
select core.execution_settle(core.run(), 'c', true, 'E2');
select results_eq(
    $$select status, failure_count, error from data.job_runs where id = core.run()$$,
    $$values ('failed', 2, 'E2')$$, 'or given up'
);

select core.execution_ask('chore');
select core.execution_offer();
select core.execution_begin(core.run(), 'a');
update data.job_runs set touched_at = now() - interval '91 seconds' where id = core.run();
select is(
    (select id from core.execution_offer()), core.run(),
    'a run of which nobody gave a sign for a minute longer than a batch is offered again'
);
select results_eq(
    'select id from core.execution_rows(''chore'', core.run(), 1)', 'select core.run() - 1',
    'newest first'
);

select * from finish();
