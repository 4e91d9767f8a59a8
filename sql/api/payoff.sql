-- Ways out of debt: both orders side by side, and the months of one.

-- See docs/goals.md for every figure. lump_sum stands in the answer when it was asked with: both
-- orders with that amount more in one month, and what it saves.
-- Errors: PT422 with the field.
create or replace function api.payoff_read(
    _user_id bigint,
    _extra api.money default 0,
    _lump_sum api.money default null,
    _lump_month api.month_number default 1,
    _as_of api.day default null,
    _first_on api.day default null,
    _currency api.currency default null
)
returns json
language plpgsql stable
as $$
declare
    v_ground record;
begin
    select ground.* into v_ground
    from core.repay_ground(_user_id, _as_of, _first_on, _currency, _extra, _lump_sum) as ground;
    perform core.check_found('user', v_ground.as_of);
    return core.ways_json(
        _user_id, v_ground.as_of, v_ground.first_on, v_ground.currency, v_ground.extra_cents,
        v_ground.excluded, case when _lump_sum is not null then v_ground.lump_cents end,
        _lump_month
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/debts/payoff', 'api.payoff_read',
    summary => 'How debts end: with the minimums alone, by avalanche and by snowball',
    scope => 'forecast',
    tags => '{debts}',
    timeout_ms => 5000,
    fields => '{
        "extra": {
            "minimum": 0, "maximum": 1000000000,
            "description": "What is paid every month beyond all minimums"
        },
        "lump_sum": {
            "minimum": 0, "maximum": 1000000000, "description": "What is paid once, besides"
        },
        "lump_month": {"description": "Month in which the lump sum is paid"},
        "as_of": {"description": "Balances are those of this day; your today if absent"},
        "first_on": {"description": "Day of the first payment; a month after as_of if absent"},
        "currency": {"description": "Debts in this currency; yours if absent"}
    }',
    answer => core.ways_shape()
);

-- Months of one way; none behind its end. Errors: PT422 with the field.
create or replace function api.payoff_list(
    _user_id bigint,
    _order api.debt_order default 'avalanche',
    _extra api.money default 0,
    _lump_sum api.money default null,
    _lump_month api.month_number default 1,
    _from_month api.month_number default 1,
    _months api.month_count default 12,
    _as_of api.day default null,
    _first_on api.day default null,
    _currency api.currency default null
)
returns json
language plpgsql stable
as $$
declare
    v_ground record;
begin
    select ground.* into v_ground
    from core.repay_ground(_user_id, _as_of, _first_on, _currency, _extra, _lump_sum) as ground;
    perform core.check_found('user', v_ground.as_of);
    return json_build_object(
        'as_of', v_ground.as_of,
        'first_on', v_ground.first_on,
        'currency', v_ground.currency,
        'order', _order,
        'months', core.instalment_months(
            _user_id, v_ground.as_of, v_ground.first_on, v_ground.currency, _order,
            v_ground.extra_cents, v_ground.lump_cents, _lump_month, _from_month, _months
        )
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/debts/schedule', 'api.payoff_list',
    summary => 'Month by month: interest, payment and balance of every debt',
    scope => 'forecast',
    tags => '{debts}',
    timeout_ms => 5000,
    fields => '{
        "extra": {"minimum": 0, "maximum": 1000000000},
        "lump_sum": {"minimum": 0, "maximum": 1000000000},
        "from_month": {"description": "First month of the answer"},
        "months": {"description": "How many months, up to 60"}
    }',
    answer => core.instalment_shape()
);

-- Errors: PT404 no such debt, PT422 months.
create or replace function api.payoff_payment(
    _user_id bigint,
    _debt_id api.key,
    _months api.month_number,
    _as_of api.day default null,
    _first_on api.day default null
)
returns json
language plpgsql stable
as $$
begin
    return core.check_found(
        'debt', core.instalment_payment(_user_id, _debt_id, _months, _as_of, _first_on)
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/debts/{debt_id}/payment', 'api.payoff_payment',
    summary => 'What ends one debt in so many months',
    scope => 'forecast',
    tags => '{debts}',
    fields => '{"months": {"description": "In how many months it is to end"}}',
    answer => '{
        "debt_id": "integer",
        "balance": "money",
        "months": "integer",
        "payment": "money",
        "last_payment": "money",
        "total_interest": "money",
        "total_paid": "money",
        "payoff_on": "date"
    }'
);
