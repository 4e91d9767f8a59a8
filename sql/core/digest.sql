-- What a summary stands on, what it says in the end (totals, income), and the shape of it all.

-- What a summary stands on; no row for a budget that is not there. accounts: those of the budget's
-- currency, closed ones too; active: the open ones of any currency, whose items are scheduled.
create or replace function core.digest_ground(_user_id bigint, _budget_id bigint)
returns table (
    starts_on date,
    ends_on date,
    chain_id bigint,
    chain_no integer,
    accounts bigint[],
    active bigint[]
)
language sql stable parallel safe
as $$
    select
        period.starts_on,
        period.ends_on,
        budget.chain_id,
        budget.chain_no,
        coalesce(held.accounts, '{}'),
        coalesce(held.active, '{}')
    from data.budgets as budget
    inner join data.budget_periods as period
        on period.user_id = budget.user_id and period.id = budget.budget_period_id
    cross join lateral (
        select
            array_agg(account.id) filter (where account.currency = budget.currency) as accounts,
            array_agg(account.id) filter (where account.is_active) as active
        from data.accounts as account
        where account.user_id = _user_id
    ) as held
    where budget.user_id = _user_id
      and budget.id = _budget_id;
$$;

-- All envelopes as one, and what was spent beside them.
create or replace function core.digest_totals(
    _allocated numeric,
    _carried numeric,
    _spent numeric,
    _pending numeric,
    _projected numeric,
    _share numeric,
    _unallocated numeric
)
returns json
language sql immutable parallel safe
as $$
    select json_build_object(
        'allocated', _allocated,
        'carried', _carried,
        'available', _allocated + _carried,
        'spent', _spent,
        'pending', _pending,
        'remaining', _allocated + _carried - _spent,
        'percent', state.percent,
        'pace', state.pace,
        'projected', _projected,
        'status', state.status,
        'unallocated', _unallocated
    )
    -- Taken as fixed: what is projected is the sum of what each envelope projects.
    from core.envelope_state(
        _allocated + _carried, _spent, _share, _projected - _spent, true
    ) as state;
$$;

-- Income against what was assigned. left_to_budget: what has no envelope yet;
-- left_after_unallocated: less what was spent beside the envelopes. Both may be below zero.
create or replace function core.digest_income(
    _received numeric, _expected numeric, _assigned numeric, _unallocated numeric
)
returns json
language sql immutable parallel safe
as $$
    select json_build_object(
        'received', _received,
        'expected', _expected,
        'total', _received + _expected,
        'assigned', _assigned,
        'left_to_budget', _received + _expected - _assigned,
        'left_after_unallocated', _received + _expected - _assigned - _unallocated
    );
$$;

-- What api functions say of a summary, in the words of api.route.
create or replace function core.digest_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "as_of": "date",
        "days": "integer",
        "elapsed_days": "integer",
        "totals": {
            "allocated": "money",
            "carried": "money",
            "available": "money",
            "spent": "money",
            "pending": "money",
            "remaining": "money",
            "percent": "number?",
            "pace": "number?",
            "projected": "money",
            "status": "on_track|ahead|over",
            "unallocated": "money"
        },
        "income": {
            "received": "money",
            "expected": "money",
            "total": "money",
            "assigned": "money",
            "left_to_budget": "money",
            "left_after_unallocated": "money"
        },
        "envelopes": [{
            "allocation_id": "integer",
            "subcategory_id": "integer",
            "subcategory": "text",
            "category": "text",
            "is_recurring": "boolean",
            "is_carried": "boolean",
            "allocated": "money",
            "carried": "money",
            "available": "money",
            "spent": "money",
            "pending": "money",
            "remaining": "money",
            "percent": "number?",
            "pace": "number?",
            "due": "money",
            "projected": "money?",
            "status": "on_track|ahead|over"
        }],
        "unallocated": [{
            "subcategory_id": "integer?",
            "subcategory": "text?",
            "category": "text?",
            "spent": "money",
            "received": "money",
            "pending": "money"
        }],
        "expected": [{
            "name": "text",
            "recurring_item_id": "integer?",
            "income_source_id": "integer?",
            "next_on": "date",
            "due_count": "integer",
            "amount": "money"
        }]
    }'::jsonb || jsonb_build_object('budget', core.budget_shape());
$$;
