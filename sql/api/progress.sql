-- Goals as they stand: when they are reached, what they need, what they do to the forecast.

-- See docs/goals.md for every figure.
create or replace function api.progress_list(
    _user_id bigint, _as_of api.day default null, _days api.horizon_days default 365
)
returns json
language plpgsql stable
as $$
begin
    return core.check_found(
        'user',
        core.progress_json(_user_id, coalesce(_as_of, core.user_today(_user_id)), _days)
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/financial-goals/progress', 'api.progress_list',
    summary => 'All active goals as they stand, in their order, with their effect on the forecast',
    scope => 'forecast',
    timeout_ms => 5000,
    fields => '{
        "as_of": {"description": "What was booked up to this day is known; your today if absent"},
        "days": {"description": "How far the effect on the forecast is looked at"}
    }',
    answer => core.progress_shape()
);

-- Errors: PT404 no such goal.
create or replace function api.progress_read(
    _user_id bigint,
    _financial_goal_id api.key,
    _as_of api.day default null,
    _days api.horizon_days default 365
)
returns json
language plpgsql stable
as $$
begin
    perform core.check_found('financial goal', core.goal_json(_user_id, _financial_goal_id));
    return core.progress_json(
        _user_id, coalesce(_as_of, core.user_today(_user_id)), _days, _financial_goal_id
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/financial-goals/{financial_goal_id}/progress',
    'api.progress_read',
    summary => 'One goal as it stands, with its effect on the forecast',
    scope => 'forecast',
    timeout_ms => 3000,
    answer => core.progress_shape()
);
