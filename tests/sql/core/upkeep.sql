-- Upkeep as jobs: each says how much it did, and whether it is done.
select plan(9);

insert into data.messages (
    user_id, channel, recipient, template, locale, subject, body, has_secret, stale_at, status,
    created_at, error_code
)
select
    -1, 'mail', 'a@example.org', 'welcome', 'en', 'x', 'x', false, now(), 'failed',
    now() - interval '40 days', 'gave_up'
from generate_series(1, 3);
select is(
    core.upkeep_messages(2)::jsonb, '{"is_done": false, "count": 2}', 'a full batch: there is more'
);
select is(core.upkeep_messages(2)::jsonb, '{"is_done": true, "count": 1}', 'the last one');

insert into data.attempts (kind, subject, last_at)
select min(kind), sha256('x'), now() - interval '3 days' from data.attempt_rules;
select is(
    core.upkeep_retention()::jsonb, '{"is_done": true, "count": 1}', 'what ended is forgotten'
);
select is(core.upkeep_partitions() ->> 'is_done', 'true', 'partitions are as they should be');
select is(core.upkeep_partitions() ->> 'count', '0', 'and a second time there is nothing to do');
select is(core.upkeep_summaries() ->> 'is_done', 'true', 'summaries are made anew');
select is(
    core.upkeep_priors('2031-01-01 00:00+00') ->> 'is_done', 'true', 'first payments are learnt'
);
select results_eq(
    $$select name from data.job_schedules
      where name in ('partitions', 'summaries', 'retention', 'messages', 'first_payments',
                     'job_history') and is_active order by 1$$,
    $$values ('first_payments'), ('job_history'), ('messages'), ('partitions'), ('retention'),
      ('summaries')$$, 'all of it is on the clock'
);

delete from data.job_runs;
insert into data.job_runs (job, arguments, due_at, status, finished_at)
select 'retention', '{}', now(), 'done', now() - make_interval(days => age)
from unnest('{29,31}'::integer[]) as age;
select is(
    core.upkeep_history(10)::jsonb, '{"is_done": true, "count": 1}',
    'a run is forgotten 30 days after its end'
);

select * from finish();
