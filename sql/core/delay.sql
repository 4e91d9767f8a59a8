-- What is late or wrong with the jobs, for metrics and alarms.

-- Seconds that each job is late: since the moment that it was due while no runner has begun, 0 when
-- it is not; and seconds since its open run began, 0 when there is none. By name.
create or replace function core.delay_rows()
returns table (name text, late_s numeric, running_s numeric)
language sql stable
as $$
    select
        schedule.name,
        greatest(0, extract(epoch from now() - case
            when run.status = 'queued' and run.started_at is null then run.due_at
            when run.id is null and schedule.is_active then schedule.next_at
        end))::numeric(12, 3),
        greatest(0, extract(epoch from now() - run.started_at))::numeric(12, 3)
    from data.job_schedules as schedule
    left join data.job_runs as run
        on run.job = schedule.name and run.status in ('queued', 'running')
    order by 1;
$$;

-- What is wrong with the jobs: one row per fault, by job. late: due five minutes ago and no runner
-- has begun; failed: its newest finished run failed; unreadable: its cron or timezone is no such
-- thing. value is seconds, tries and 1.
create or replace function core.delay_faults()
returns table (job text, fault text, value bigint)
language sql stable
as $$
    select delay.name, 'late', delay.late_s::bigint
    from core.delay_rows() as delay
    where delay.late_s > 300
    union all
    select schedule.name, 'failed', newest.attempts::bigint
    from data.job_schedules as schedule
    cross join lateral (
        select run.status, run.attempts
        from data.job_runs as run
        where run.job = schedule.name and run.status in ('done', 'failed')
        order by run.id desc
        limit 1
    ) as newest
    where newest.status = 'failed'
      and schedule.is_active
    union all
    select schedule.name, 'unreadable', 1
    from data.job_schedules as schedule
    where schedule.fault is not null
    order by 1, 2;
$$;
