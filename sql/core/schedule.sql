-- The schedule of the jobs, as its table says it now: what is due, what is late, what is wrong.

-- Makes the runs that are due now, and says when each job is due next. Of several times that were
-- missed one run is made, with the last of them; a job that is due while its run is open waits for
-- the end of that. Any number of workers may look at once: each row is seen by one of them. A
-- schedule that cannot be read is left out with its fault until somebody edits it. How many runs.
create or replace function core.schedule_claim()
returns integer
language plpgsql
as $$
declare
    v_schedule record;
    v_next_at timestamptz;
    v_fault text;
    v_count integer := 0;
begin
    -- A loop, because a schedule that cannot be read must not hold up the others.
    for v_schedule in
        select schedule.name, schedule.arguments, schedule.cron, schedule.timezone,
            schedule.is_active, schedule.next_at,
            concat_ws(' ', schedule.cron, schedule.timezone) as wanted,
            schedule.next_for is distinct from concat_ws(' ', schedule.cron, schedule.timezone)
                as is_edited
        from data.job_schedules as schedule
        where case
            when not schedule.is_active then schedule.next_for is not null
            when schedule.next_for is distinct from concat_ws(' ', schedule.cron, schedule.timezone)
            then true
            else schedule.next_at <= now() and not exists (
                select from data.job_runs as run
                where run.job = schedule.name and run.status in ('queued', 'running')
            )
        end
        for update skip locked
    loop
        v_fault := null;
        v_next_at := null;
        if v_schedule.is_active then
            begin
                v_next_at := core.cron_next(v_schedule.cron, v_schedule.timezone, now());
                if not v_schedule.is_edited then
                    insert into data.job_runs (job, arguments, due_at)
                    values (
                        v_schedule.name,
                        v_schedule.arguments,
                        core.cron_last(
                            v_schedule.cron, v_schedule.timezone, v_schedule.next_at, now()
                        )
                    )
                    on conflict (job) where status in ('queued', 'running') do nothing;
                    v_count := v_count + 1;
                end if;
            exception when others then
                v_fault := sqlerrm;
            end;
        end if;
        update data.job_schedules as schedule
        set next_at = v_next_at,
            next_for = case when v_schedule.is_active then v_schedule.wanted end,
            fault = v_fault
        where schedule.name = v_schedule.name;
    end loop;
    return v_count;
end;
$$;

-- Every job or one, by name, with its newest run: what an operator sees.
create or replace function core.schedule_rows(_name text default null)
returns table (
    name text,
    summary text,
    function text,
    arguments jsonb,
    cron text,
    timezone text,
    is_active boolean,
    timeout_s integer,
    next_at timestamptz,
    fault text,
    last_status text,
    last_due_at timestamptz,
    last_started_at timestamptz,
    last_finished_at timestamptz,
    version integer
)
language sql stable
as $$
    select
        schedule.name, schedule.summary, schedule.function, schedule.arguments, schedule.cron,
        schedule.timezone, schedule.is_active, schedule.timeout_s, schedule.next_at,
        schedule.fault, newest.status, newest.due_at, newest.started_at, newest.finished_at,
        schedule.version
    from data.job_schedules as schedule
    left join lateral (
        select run.status, run.due_at, run.started_at, run.finished_at
        from data.job_runs as run
        where run.job = schedule.name
        order by run.id desc
        limit 1
    ) as newest on true
    where _name is null or schedule.name = _name
    order by schedule.name;
$$;

-- Edits what a person may edit; null leaves a thing as it is. Errors: PT404 no such job, PT412 it
-- was edited meanwhile, PT422 with cron or timezone.
create or replace function core.schedule_edit(
    _name text, _cron text, _timezone text, _is_active boolean, _if_match bigint
)
returns void
language plpgsql
as $$
declare
    v_schedule record;
begin
    select schedule.cron, schedule.timezone into v_schedule
    from data.job_schedules as schedule
    where schedule.name = _name
    for update;
    perform core.check_found('job', case when found then _name end);
    perform core.cron_next(
        coalesce(_cron, v_schedule.cron), coalesce(_timezone, v_schedule.timezone), now()
    );
    update data.job_schedules as schedule
    set cron = coalesce(_cron, schedule.cron),
        timezone = coalesce(_timezone, schedule.timezone),
        is_active = coalesce(_is_active, schedule.is_active),
        version = core.version_raised(schedule.version, _if_match)
    where schedule.name = _name;
end;
$$;

-- What api functions say of a job, in the words of api.route.
create or replace function core.schedule_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "name": "text",
        "summary": "text",
        "function": "text",
        "arguments": "object",
        "cron": "text",
        "timezone": "text",
        "is_active": "boolean",
        "timeout_s": "integer",
        "next_at": "timestamp?",
        "fault": "text?",
        "last_status": "text?",
        "last_due_at": "timestamp?",
        "last_started_at": "timestamp?",
        "last_finished_at": "timestamp?",
        "version": "integer"
    }'::jsonb;
$$;
