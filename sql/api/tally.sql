-- A budget as it stands: one by key, or that of the active period.

create or replace function api.tally_read(
    _user_id bigint, _budget_id api.key, _as_of api.day default null
)
returns json
language plpgsql stable
as $$
begin
    return core.check_found(
        'budget',
        core.tally_json(_user_id, _budget_id, coalesce(_as_of, core.user_today(_user_id)))
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/budgets/{budget_id}/summary', 'api.tally_read',
    summary => 'A budget as it stands: spent, left, pace, and what is left to budget',
    scope => 'transactions',
    fields => '{"as_of": {"description": "Your today unless given; later bookings are not seen"}}',
    answer => core.digest_shape()
);

-- The budget of the active period that holds the day, in the user's currency if there is one.
create or replace function api.tally_active(
    _user_id bigint, _as_of api.day default null, _currency api.currency default null
)
returns json
language plpgsql stable
as $$
begin
    return (
        select core.check_found(
            'active budget',
            core.tally_json(
                _user_id, core.budget_active(_user_id, today.as_of, _currency), today.as_of
            )
        )
        from (select coalesce(_as_of, core.user_today(_user_id)) as as_of) as today
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/budgets/active', 'api.tally_active',
    summary => 'The budget of the active period as it stands',
    scope => 'transactions',
    fields => '{"as_of": {"description": "Your today unless given; later bookings are not seen"}}',
    answer => core.digest_shape()
);
