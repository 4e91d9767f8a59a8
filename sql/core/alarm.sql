-- Alarms of the second wall's watchmen: what an operator should know within a minute.

-- One row per alarm that is on now, by name; value is the figure that raised it. code_flood: more
-- refused sends in five minutes, or sends in an hour, than data.verification_settings allows;
-- verification_stopped: the wrong guesses of today ended all checks; partition_missing and strays:
-- core.partition_faults; job_late, job_failed and job_unreadable: core.delay_faults;
-- test_settings: a figure is in force that only a test may set.
create or replace function core.alarm_rows()
returns table (alarm text, detail text, value bigint)
language sql stable
as $$
    with codes as (
        select
            count(*) filter (
                where event.event_type = 'rate_limit_exceeded'
                  and event.created_at > now() - interval '5 minutes'
            ) as refusals,
            count(*) filter (
                where event.event_type in ('send_code', 'resend_code')
            ) as sends
        from data.verification_audit_log as event
        where event.created_at > now() - interval '1 hour'
    )
    select 'code_flood', 'refusals in five minutes', codes.refusals
    from codes where codes.refusals > core.verification_value('flood_refusals')
    union all
    select 'code_flood', 'sends in an hour', codes.sends
    from codes where codes.sends > core.verification_value('flood_sends')
    union all
    select 'verification_stopped', 'wrong guesses today', sum(day.failed_count)::bigint
    from data.verification_days as day
    where day.on_day = (now() at time zone 'UTC')::date and core.verification_stopped()
    group by day.on_day
    union all
    select
        case fault.fault when 'missing' then 'partition_missing' else 'partition_strays' end,
        fault.relation,
        count(*)
    from core.partition_faults() as fault
    group by fault.fault, fault.relation
    union all
    select 'job_' || job.fault, job.job, job.value from core.delay_faults() as job
    union all
    select 'test_settings', setting.name, setting.value
    from data.verification_settings as setting where setting.is_test
    order by 1, 2;
$$;
call core.cross_owner('core.alarm_rows()', 'alarms are about everybody at once');
