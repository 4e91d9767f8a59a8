-- One run of a job: asked for, begun by one runner, batch by batch in transactions of their own,
-- over. The row of the run is locked while a batch is at work, and names its runner: whoever was
-- taken for dead finds another name there and stops.

-- A run of the job as soon as a worker looks; its key. Errors: PT404 no such job, PT409 a run of it
-- is open.
create or replace function core.execution_ask(_job text)
returns bigint
language plpgsql
as $$
declare
    v_run_id bigint;
begin
    insert into data.job_runs (job, arguments, due_at, is_asked)
    select core.check_found('job', schedule.name), schedule.arguments, now(), true
    from (select _job as name) as asked
    left join data.job_schedules as schedule on schedule.name = asked.name
    on conflict (job) where status in ('queued', 'running') do nothing
    returning id into v_run_id;
    if v_run_id is null then
        raise exception 'This job is running, or about to: one run at a time'
            using errcode = 'PT409', hint = 'run_is_open';
    end if;
    return v_run_id;
end;
$$;

-- Open runs that are to be handed to the queue: new ones, and those of which nobody has given a
-- sign for a minute longer than a batch may take. Each is named to one asker at a time.
create or replace function core.execution_offer()
returns table (id bigint, job text)
language sql
as $$
    with waiting as (
        select run.id
        from data.job_runs as run
        inner join data.job_schedules as schedule on schedule.name = run.job
        where run.status in ('queued', 'running')
          and (
              run.queued_at is null
              or run.touched_at < now() - make_interval(secs => schedule.timeout_s + 60)
          )
        for update of run skip locked
    )
    update data.job_runs as run
    set queued_at = now(), touched_at = now()
    from waiting
    where run.id = waiting.id
    returning run.id, run.job;
$$;

-- {state, job, timeout_s, failures, late_s}: go, the run is _runner's from now on; busy, a batch of
-- somebody else is at work; over, there is nothing to do. late_s: how long after its moment it
-- begins for the first time, null when it is taken up again.
create or replace function core.execution_begin(_run_id bigint, _runner text)
returns json
language plpgsql
as $$
declare
    v_run record;
begin
    select run.job, run.due_at, run.started_at, run.failure_count, schedule.timeout_s into v_run
    from data.job_runs as run
    inner join data.job_schedules as schedule on schedule.name = run.job
    where run.id = _run_id and run.status in ('queued', 'running')
    for update of run skip locked;
    if not found then
        return json_build_object('state', case
            when exists (
                select from data.job_runs as run
                where run.id = _run_id and run.status in ('queued', 'running')
            ) then 'busy' else 'over' end);
    end if;
    update data.job_runs as run
    set status = 'running',
        runner = _runner,
        attempts = run.attempts + 1,
        started_at = coalesce(run.started_at, now()),
        touched_at = now()
    where run.id = _run_id;
    return json_build_object(
        'state', 'go',
        'job', v_run.job,
        'timeout_s', v_run.timeout_s,
        'failures', v_run.failure_count,
        'late_s', case when v_run.started_at is null
            then greatest(0, extract(epoch from now() - v_run.due_at)) end
    );
end;
$$;

-- One batch: calls the function of the run once. {state, count}: more, there is more to do; done,
-- that was the last; busy, one of _runner's own, of a lost connection, has not ended; lost, the run
-- is not _runner's (any more). Errors: whatever the function raises, 42883 it is gone.
create or replace function core.execution_step(_run_id bigint, _runner text)
returns json
language plpgsql
as $$
declare
    v_run record;
    v_answer json;
    v_is_done boolean;
    v_state text;
begin
    select run.arguments, run.due_at, schedule.function into v_run
    from data.job_runs as run
    inner join data.job_schedules as schedule on schedule.name = run.job
    where run.id = _run_id and run.status = 'running' and run.runner = _runner
    for update of run skip locked;
    if not found then
        select 'busy' into v_state from data.job_runs as run
        where run.id = _run_id and run.status = 'running' and run.runner = _runner;
        return json_build_object('state', coalesce(v_state, 'lost'));
    end if;
    if to_regprocedure(v_run.function) is null then
        raise exception 'there is no function %', v_run.function using errcode = '42883';
    end if;
    execute core.job_call(v_run.function, v_run.arguments, v_run.due_at) into v_answer;
    v_is_done := coalesce((v_answer ->> 'is_done')::boolean, true);
    update data.job_runs as run
    set batch_count = run.batch_count + 1,
        row_count = run.row_count + coalesce((v_answer ->> 'count')::bigint, 0),
        status = case when v_is_done then 'done' else 'running' end,
        finished_at = case when v_is_done then clock_timestamp() end,
        touched_at = clock_timestamp(),
        error = case when v_is_done then null else run.error end
    where run.id = _run_id;
    return json_build_object(
        'state', case when v_is_done then 'done' else 'more' end,
        'count', coalesce((v_answer ->> 'count')::bigint, 0)
    );
end;
$$;

-- What became of a run that its runner leaves unfinished: back to the queue (_is_over false) or
-- failed for good; _error says why. True when it was still the runner's.
create or replace function core.execution_settle(
    _run_id bigint, _runner text, _is_over boolean, _error text
)
returns boolean
language sql
as $$
    with settled as (
        update data.job_runs as run
        set status = case when _is_over then 'failed' else 'queued' end,
            finished_at = case when _is_over then clock_timestamp() end,
            touched_at = clock_timestamp(),
            failure_count = run.failure_count + (_error is not null)::integer,
            error = coalesce(left(_error, 300), run.error)
        where run.id = _run_id and run.status = 'running' and run.runner = _runner
        returning 1
    )
    select exists (select from settled);
$$;

-- Runs of a job with keys below _before_id, newest first; all of them when it is null.
create or replace function core.execution_rows(_job text, _before_id bigint, _limit integer)
returns table (
    id bigint,
    status text,
    is_asked boolean,
    due_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    attempts integer,
    batch_count integer,
    row_count bigint,
    error text
)
language sql stable
as $$
    select
        run.id, run.status, run.is_asked, run.due_at, run.started_at, run.finished_at,
        run.attempts, run.batch_count, run.row_count, run.error
    from data.job_runs as run
    where run.job = _job
      and (_before_id is null or run.id < _before_id)
    order by run.id desc
    limit _limit;
$$;
