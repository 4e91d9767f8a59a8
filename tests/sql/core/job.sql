-- Declared jobs: what an edit keeps, what fits, what is called.
select plan(14);

create function core.chore_one(_days integer, _word text default 'a', _due_at timestamptz
    default null) returns json language sql as $$select '{}'::json$$;
create function core.chore_two() returns text language sql as $$select 'x'$$;
create function core.chore_three() returns json language sql stable as $$select '{}'::json$$;

call core.job(
    'chore', 'core.chore_one(integer, text, timestamptz)', cron => '0 2 * * *',
    summary => 'A chore', arguments => '{"days": 3}'
);
select is(
    (select function from data.job_schedules where name = 'chore'),
    'core.chore_one(integer,text,timestamp with time zone)', 'it stands in the schedule'
);

update data.job_schedules set cron = '5 5 * * *' where name = 'chore';
call core.job(
    'chore', 'core.chore_one(integer, text, timestamptz)', cron => '0 3 * * *',
    summary => 'A better chore', arguments => '{"days": 4}'
);
select results_eq(
    $$select cron, arguments ->> 'days', summary from data.job_schedules where name = 'chore'$$,
    $$values ('5 5 * * *', '4', 'A better chore')$$,
    'what somebody edited stays, what nobody edited follows the file'
);

update data.job_schedules set cron = '0 3 * * *' where name = 'chore';
call core.job(
    'chore', 'core.chore_one(integer, text, timestamptz)', cron => '0 4 * * *',
    summary => 'A chore', arguments => '{"days": 4}'
);
select is(
    (select cron from data.job_schedules where name = 'chore'), '0 4 * * *',
    'an edit that was taken back is none'
);

select is(
    core.job_fault('core.chore_one(integer, text, timestamptz)', '{"days": 1}'), null,
    'the due moment is given by whoever runs it'
);
select matches(
    core.job_fault('core.chore_one(integer, text, timestamptz)', '{}'), 'needs an argument',
    'an argument without a default is named'
);
select matches(
    core.job_fault('core.chore_one(integer, text, timestamptz)', '{"days": 1, "nights": 2}'),
    'no parameter _nights', 'an argument that nobody takes is refused'
);
select matches(
    core.job_fault('core.chore_one(integer, text, timestamptz)', '{"days": 1, "due_at": "now"}'),
    'no parameter _due_at', 'the due moment is not chosen'
);
select matches(core.job_fault('core.chore_two()', '{}'), 'one json', 'a job says how far it came');
select matches(core.job_fault('core.chore_three()', '{}'), 'volatile', 'a job does something');
select throws_ok(
    $$call core.job('bad', 'core.chore_one(integer, text, timestamptz)', cron => '61 * * * *',
      summary => 'x', arguments => '{"days": 3}')$$, 'PT422'
);
select throws_ok(
    $$insert into data.job_schedules (name, function, cron, summary, declared)
      values ('bad', 'core.x()', '@daily', 'x', '{}')$$, '23514'
);

set local search_path = '';
select tap.is(
    core.job_call(
        'core.chore_one(integer,text,timestamp with time zone)',
        '{"days": 3, "word": "it''s"}', '2026-01-01 00:00+00'
    ),
    format(
        'select core.chore_one(_days => ''3''::integer, _word => ''it''''s''::text, '
        '_due_at => %L::timestamp with time zone)', '2026-01-01 00:00+00'::timestamptz::text
    ),
    'the call has each argument as its type, and the moment that it was due'
);
select tap.is(
    core.job_call('core.chore_gone()', '{}', now()), null, 'what is gone cannot be called'
);

select tap.is(
    (
        select array_agg(code order by code)
        from unnest('{40P01,53100,55P03,57014,58030,22003,23505,P0001}'::text[]) as code
        where core.job_retries(code)
    ),
    '{40P01,53100,55P03,57014,58030}', 'a batch comes again after an error of the server alone'
);

select * from tap.finish();
