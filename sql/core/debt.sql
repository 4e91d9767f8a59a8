-- Debts: what is owed, said by hand or by the account that it is owed on.

-- All debts of a user as of a day, by key. balance_cents: as it was said, or what the linked
-- account is below zero with all that is booked up to that day. No day: with all that is booked.
create or replace function core.debt_rows(_user_id bigint, _as_of date default null)
returns table (
    version integer,
    id bigint,
    name text,
    balance_cents bigint,
    currency text,
    apr numeric,
    minimum_payment numeric,
    account_id bigint,
    is_active boolean,
    created_at timestamptz,
    updated_at timestamptz
)
language sql stable parallel safe
as $$
    select
        debt.version,
        debt.id,
        debt.name,
        case
            when debt.account_id is null then (debt.balance * 100)::bigint
            else greatest(
                0,
                -core.ground_balance(_user_id, debt.account_id, coalesce(_as_of, 'infinity'))
            )
        end,
        debt.currency,
        debt.apr,
        debt.minimum_payment,
        debt.account_id,
        debt.is_active,
        debt.created_at,
        debt.updated_at
    from data.debts as debt
    where debt.user_id = _user_id
    order by debt.id;
$$;

-- The user's debts with keys above _after_id, by key, under the names of the wire.
create or replace function core.debt_page(_user_id bigint, _after_id bigint, _limit integer)
returns table (
    version integer,
    id bigint,
    name text,
    balance numeric,
    currency text,
    apr numeric,
    minimum_payment numeric,
    account_id bigint,
    is_active boolean,
    created_at timestamptz,
    updated_at timestamptz
)
language sql stable parallel safe
as $$
    select
        debt.version,
        debt.id,
        debt.name,
        debt.balance_cents * 0.01,
        debt.currency,
        trim_scale(debt.apr),
        debt.minimum_payment,
        debt.account_id,
        debt.is_active,
        debt.created_at,
        debt.updated_at
    from core.debt_rows(_user_id) as debt
    where debt.id > _after_id
    order by debt.id
    limit _limit;
$$;

-- What api functions say of a debt, in the words of api.route.
create or replace function core.debt_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "integer",
        "name": "text",
        "balance": "money",
        "currency": "text",
        "apr": "number",
        "minimum_payment": "money",
        "account_id": "integer?",
        "is_active": "boolean",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- The one debt as json, or null.
create or replace function core.debt_json(_user_id bigint, _debt_id bigint)
returns json
language sql stable parallel safe
as $$
    select to_json(debt)
    from core.debt_page(_user_id, _debt_id - 1, 1) as debt
    where debt.id = _debt_id;
$$;
