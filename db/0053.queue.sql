-- What the workers need beside the schedule: a queue, and how often a run has failed; and two words
-- of the wire. The schema is
-- for the tables and functions of procrastinate, which apply makes (service/schema/queue.py); they
-- hold nothing that could not be made again.
-- depends: 0052.jobs

set lock_timeout = '3s';

alter table data.job_runs add column failure_count integer not null default 0;
comment on column data.job_runs.failure_count is 'how often its function was refused';

create domain api.job_name as text
    constraint is_a_job_name check (value ~ '^[a-z][a-z0-9_]{0,39}$');
comment on domain api.job_name is
    '{"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$", "description": "Name of a job", "examples": ["job_history"]}';

create domain api.cron as text
    constraint is_five_fields check (
        value ~ '^[0-9*,/-]+( [0-9*,/-]+){4}$' and length(value) <= 200
    );
comment on domain api.cron is
    '{"type": "string", "maxLength": 200, "pattern": "^[0-9*,/-]+( [0-9*,/-]+){4}$", "description": "minute hour day month weekday: numbers, ranges, lists, steps, *", "examples": ["30 2 * * *"]}';

reset role;
create schema queue authorization owner;
set role owner;

comment on schema queue is 'procrastinate: which worker has which run of a job.';
grant usage on schema queue to service;
