-- Jobs: what the workers ask (not routes, granted by hand), and what an admin sees and says.

-- {offers: [{id, job}], delays: [{name, late_s, running_s}]}: makes the runs that are due and says
-- which are to be handed to the queue, in the transaction that does so.
create or replace function api.job_look()
returns json
language plpgsql security definer
set search_path = ''
as $$
begin
    perform core.schedule_claim();
    return json_build_object(
        'offers', (
            select coalesce(json_agg(json_build_object('id', offer.id, 'job', offer.job)), '[]')
            from core.execution_offer() as offer
        ),
        'delays', (
            select coalesce(json_agg(to_json(delay)), '[]') from core.delay_rows() as delay
        )
    );
end;
$$;
comment on function api.job_look() is 'What is due now';
revoke execute on function api.job_look() from public;
grant execute on function api.job_look() to service;

-- See core.execution_begin.
create or replace function api.job_begin(_run_id bigint, _runner text)
returns json
language sql security definer
set search_path = ''
as $$
    select core.execution_begin(_run_id, _runner);
$$;
comment on function api.job_begin(bigint, text) is 'A runner takes a run up';
revoke execute on function api.job_begin(bigint, text) from public;
grant execute on function api.job_begin(bigint, text) to service;

-- See core.execution_step.
create or replace function api.job_step(_run_id bigint, _runner text)
returns json
language sql security definer
set search_path = ''
as $$
    select core.execution_step(_run_id, _runner);
$$;
comment on function api.job_step(bigint, text) is 'One batch of a run';
revoke execute on function api.job_step(bigint, text) from public;
grant execute on function api.job_step(bigint, text) to service;

-- {is_ours}, see core.execution_settle.
create or replace function api.job_settle(
    _run_id bigint, _runner text, _is_over boolean, _error text
)
returns json
language sql security definer
set search_path = ''
as $$
    select json_build_object(
        'is_ours', core.execution_settle(_run_id, _runner, _is_over, _error)
    );
$$;
comment on function api.job_settle(bigint, text, boolean, text) is 'A runner leaves a run';
revoke execute on function api.job_settle(bigint, text, boolean, text) from public;
grant execute on function api.job_settle(bigint, text, boolean, text) to service;

create or replace function api.job_list()
returns json
language sql stable
as $$
    select json_build_object(
        'items', coalesce(json_agg(item order by item.name), '[]'), 'next_cursor', null
    )
    from core.schedule_rows() as item;
$$;

call api.route(
    'GET /api/v2/admin/jobs', 'api.job_list',
    summary => 'Jobs on a clock: when each is due, and what became of its newest run',
    access => 'admin',
    is_fast => false,
    answer => jsonb_build_object('items', jsonb_build_array(core.schedule_shape()))
        || '{"next_cursor": "text?"}'
);

create or replace function api.job_edit(
    _job api.job_name,
    _cron api.cron default null,
    _timezone api.label default null,
    _is_active boolean default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    perform core.schedule_edit(_job, _cron, _timezone, _is_active, _if_match);
    return (select to_json(item) from core.schedule_rows(_job) as item);
end;
$$;

call api.route(
    'PATCH /api/v2/admin/jobs/{job}', 'api.job_edit',
    summary => 'Pause a job, or run it at other times; workers go by it within a second or two',
    access => 'admin',
    needs_login => true,
    fields => '{"timezone": {
        "description": "Name of the tz database", "examples": ["Europe/Prague"]
    }}',
    answer => core.schedule_shape()
);

create or replace function api.job_run(_job api.job_name)
returns json
language plpgsql
as $$
begin
    return json_build_object('id', core.execution_ask(_job));
end;
$$;

call api.route(
    'POST /api/v2/admin/jobs/{job}/runs', 'api.job_run',
    summary => 'Run a job now, beside its clock; 409 while a run of it is open',
    access => 'admin',
    needs_login => true,
    status => 202,
    answer => '{"id": "integer"}'
);

create or replace function api.job_history(
    _job api.job_name, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    perform core.check_found('job', (select item.name from core.schedule_rows(_job) as item));
    return (
        select core.page_json(
            array_agg(to_json(item) order by item.id desc),
            array_agg(core.cursor_text(item.id) order by item.id desc),
            _limit
        )
        from core.execution_rows(_job, core.cursor_id(_cursor), _limit + 1) as item
    );
end;
$$;

call api.route(
    'GET /api/v2/admin/jobs/{job}/runs', 'api.job_history',
    summary => 'Runs of a job of the last 30 days, newest first',
    access => 'admin',
    is_fast => false,
    answer => '{
        "items": [{
            "id": "integer",
            "status": "queued|running|done|failed",
            "is_asked": "boolean",
            "due_at": "timestamp",
            "started_at": "timestamp?",
            "finished_at": "timestamp?",
            "attempts": "integer",
            "batch_count": "integer",
            "row_count": "integer",
            "error": "text?"
        }],
        "next_cursor": "text?"
    }'
);
