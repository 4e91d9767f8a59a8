-- What one owner spends and receives: always counted live. Transfers are neither; amounts of
-- different currencies are never added up. Plans made for the values at hand would cost more than
-- they run: each of eight partitions is looked at.

create or replace function api.spending_read(
    _user_id bigint,
    _from api.day default null,
    _to api.day default null,
    _by api.spending_group default 'category',
    _currency api.currency default null,
    _limit api.page_limit default 50,
    _as_of api.day default null
)
returns json
language plpgsql stable
set plan_cache_mode = 'force_generic_plan'
as $$
declare
    v_range record;
begin
    select * into v_range
    from core.spending_range(_user_id, _from, _to, _currency, _as_of);
    return core.outlay_json(
        _user_id, v_range.earlier_on, v_range.from_on, v_range.to_on, coalesce(_by, 'category'),
        v_range.is_whole, v_range.currency, _limit
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/spending', 'api.spending_read',
    summary => 'Spending and income of a range by category, account, month or counterparty',
    scope => 'transactions',
    is_fast => false,
    cost => 2,
    timeout_ms => 5000,
    fields => '{
        "from": {"description": "First day; the first of the month of to if absent"},
        "to": {"description": "Last day; today if absent"},
        "currency": {"description": "Of the accounts that count; yours if absent"},
        "limit": {"description": "So many groups; what is left is summed up as rest"}
    }',
    answer => '{
        "from": "date",
        "to": "date",
        "compared_from": "date",
        "compared_to": "date",
        "by": "category|subcategory|account|month|counterparty",
        "currency": "text",
        "totals": {
            "spent": "money",
            "received": "money",
            "net": "money",
            "spent_count": "integer",
            "received_count": "integer"
        },
        "earlier": {"spent": "money", "received": "money", "net": "money"},
        "items": [{
            "id": "integer?",
            "name": "text?",
            "category": "text?",
            "month_on": "date?",
            "spent": "money",
            "received": "money",
            "net": "money",
            "spent_count": "integer",
            "received_count": "integer",
            "average": "money?",
            "share": "number?",
            "earlier_spent": "money?",
            "earlier_received": "money?",
            "change": "money?",
            "change_percent": "number?"
        }],
        "rest": {"groups": "integer", "spent": "money", "received": "money", "net": "money"},
        "other_currencies": [
            {"currency": "text", "spent": "money", "received": "money", "net": "money"}
        ]
    }'
);

create or replace function api.spending_trends(
    _user_id bigint,
    _months api.month_count default 12,
    _currency api.currency default null,
    _as_of api.day default null
)
returns json
language plpgsql stable
set plan_cache_mode = 'force_generic_plan'
as $$
declare
    v_range record;
begin
    select * into v_range
    from core.spending_range(_user_id, null, null, _currency, _as_of);
    return core.course_json(_user_id, v_range.to_on, coalesce(_months, 12), v_range.currency);
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/spending/trends', 'api.spending_trends',
    summary => 'Months side by side, in all and by category, with mean and slope',
    scope => 'transactions',
    is_fast => false,
    cost => 2,
    timeout_ms => 5000,
    fields => '{"as_of": {"description": "A day of the last month; today if absent"}}',
    answer => core.course_shape()
);

create or replace function api.spending_counterparties(
    _user_id bigint,
    _from api.day default null,
    _to api.day default null,
    _currency api.currency default null,
    _limit api.page_limit default 20,
    _as_of api.day default null
)
returns json
language plpgsql stable
set plan_cache_mode = 'force_generic_plan'
as $$
declare
    v_range record;
begin
    select * into v_range
    from core.spending_range(_user_id, _from, _to, _currency, _as_of);
    return core.payee_json(
        _user_id, v_range.from_on, v_range.to_on, v_range.currency, _limit
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/spending/counterparties', 'api.spending_counterparties',
    summary => 'Counterparties that the most was spent with',
    scope => 'transactions',
    is_fast => false,
    cost => 2,
    timeout_ms => 5000,
    answer => core.payee_shape()
);

-- Months are named by any day in them. With same_days, a month that is not over is compared with as
-- many days of the other one.
create or replace function api.spending_compare(
    _user_id bigint,
    _month api.day default null,
    _with api.day default null,
    _same_days boolean default false,
    _currency api.currency default null,
    _as_of api.day default null
)
returns json
language plpgsql stable
set plan_cache_mode = 'force_generic_plan'
as $$
declare
    v_pair record;
begin
    select * into v_pair
    from core.spending_months(_user_id, _month, _with, _same_days, _currency, _as_of);
    return core.contrast_json(
        _user_id, v_pair.from_on, v_pair.to_on, v_pair.with_on, v_pair.with_to, v_pair.currency
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/spending/compare', 'api.spending_compare',
    summary => 'A month against another, subcategory by subcategory',
    scope => 'transactions',
    is_fast => false,
    cost => 2,
    timeout_ms => 5000,
    fields => '{
        "month": {"description": "A day of the month; the present one if absent"},
        "with": {"description": "A day of the month to compare with; the one before if absent"},
        "same_days": {"description": "Of both months only the days that have been in the first"}
    }',
    answer => core.contrast_shape()
);
