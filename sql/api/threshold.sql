-- What an owner wants to be warned of, and where.

create or replace function api.threshold_read(_user_id bigint)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('user', core.threshold_json(_user_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/alert-settings', 'api.threshold_read',
    summary => 'What you are warned of, from which thresholds on, and where',
    answer => core.threshold_shape()
);

create or replace function api.threshold_edit(
    _user_id bigint,
    _body jsonb,
    _has_low_balance boolean default null,
    _has_bills boolean default null,
    _has_spending boolean default null,
    _low_chance api.share default null,
    _low_days integer default null,
    _bill_days integer default null,
    _spending_spreads numeric default null,
    _spending_least api.money default null,
    _has_mail boolean default null,
    _has_sms boolean default null,
    _quiet_from api.hour default null,
    _quiet_to api.hour default null,
    _most_a_day integer default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    perform core.threshold_edit(_user_id, _body, _if_match);
    return core.threshold_json(_user_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/alert-settings', 'api.threshold_edit',
    summary => 'Edit what you are warned of: absent fields stay',
    tags => '{alerts}',
    fields => '{
        "low_chance": {
            "minimum": 0.05, "maximum": 0.95,
            "description": "Chance of ending a day below the reserve that makes the day low"
        },
        "low_days": {
            "minimum": 1, "maximum": 90, "examples": [30],
            "description": "How many days ahead balances are looked at"
        },
        "bill_days": {
            "minimum": 1, "maximum": 31, "examples": [7],
            "description": "How many days ahead bills are looked at"
        },
        "spending_spreads": {
            "minimum": 2, "maximum": 20, "examples": [4],
            "description": "Robust spreads above the usual from which spending is unusual"
        },
        "spending_least": {
            "minimum": 0, "maximum": 1000000000,
            "description": "What lies less than this above the usual is not told"
        },
        "quiet_from": {"description": "From this hour on nothing is sent, where you live"},
        "quiet_to": {"description": "From this hour on again; equal: at any time"},
        "most_a_day": {
            "minimum": 0, "maximum": 20, "examples": [3],
            "description": "Alerts that are sent a day at most; all are listed"
        }
    }',
    answer => core.threshold_shape()
);
