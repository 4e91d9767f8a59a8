-- What was expected on earlier days.

-- A page of runs, newest first.
create or replace function api.run_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(core.foretold_head(run) order by run.as_of desc),
            array_agg(core.cursor_text(0, run.as_of) order by run.as_of desc),
            _limit
        )
        from core.foretold_page(
            _user_id, coalesce(core.cursor_day(_cursor), 'infinity'), _limit + 1
        ) as run
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/forecast/runs', 'api.run_list',
    summary => 'Runs of the forecast, newest first: what was expected, as of which day',
    scope => 'forecast',
    answer => core.shape_page(core.foretold_shape())
);

-- One run day by day, with what happened. Errors: PT404 no run of that day.
create or replace function api.run_read(_user_id bigint, _as_of api.day)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('run', core.foretold_json(_user_id, _as_of));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/forecast/runs/{as_of}', 'api.run_read',
    summary => 'What was expected on one day, beside what happened since',
    scope => 'forecast',
    fields => '{"as_of": {"description": "The last day whose bookings were known to the run"}}',
    answer => core.foretold_shape() || '{
        "columns": {
            "on_day": ["date"],
            "plan": ["money"],
            "p10": ["money"],
            "p50": ["money"],
            "p90": ["money"],
            "below_reserve": ["number"],
            "happened": ["money?"]
        }
    }'
);
