-- Recurring items as the wire shows them.

-- The user's items with keys above _after_id, by key, under the names of the wire.
create or replace function core.item_page(_user_id bigint, _after_id bigint, _limit integer)
returns table (
    version integer,
    id bigint,
    kind text,
    name text,
    amount numeric,
    account_id bigint,
    to_account_id bigint,
    subcategory_id bigint,
    counterparty text,
    frequency text,
    every_n integer,
    anchor_on date,
    month_days integer[],
    weekday integer,
    nth integer,
    ends_on date,
    occurrences integer,
    roll text,
    calendar text,
    expected_from date,
    is_active boolean,
    created_at timestamptz,
    updated_at timestamptz
)
language sql stable parallel safe
as $$
    select
        version,
        id,
        kind,
        name,
        amount,
        account_id,
        to_account_id,
        subcategory_id,
        counterparty,
        frequency,
        every_n,
        anchor_on,
        month_days,
        weekday,
        nth,
        ends_on,
        occurrences,
        roll,
        calendar,
        expected_from,
        is_active,
        created_at,
        updated_at
    from data.recurring_items
    where user_id = _user_id
      and id > _after_id
    order by id
    limit _limit;
$$;

-- What api functions say of a recurring item, in the words of api.route.
create or replace function core.item_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "integer",
        "kind": "income|expense|transfer",
        "name": "text",
        "amount": "money",
        "account_id": "integer",
        "to_account_id": "integer?",
        "subcategory_id": "integer?",
        "counterparty": "text?",
        "frequency": "once|daily|weekly|biweekly|semimonthly|monthly|quarterly|yearly",
        "every_n": "integer",
        "anchor_on": "date",
        "month_days": "any",
        "weekday": "integer?",
        "nth": "integer?",
        "ends_on": "date?",
        "occurrences": "integer?",
        "roll": "none|skip|previous|next",
        "calendar": "text?",
        "expected_from": "date",
        "is_active": "boolean",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- The one item as json, or null.
create or replace function core.item_json(_user_id bigint, _recurring_item_id bigint)
returns json
language sql stable parallel safe
as $$
    select to_json(item)
    from core.item_page(_user_id, _recurring_item_id - 1, 1) as item
    where item.id = _recurring_item_id;
$$;

-- True when the item is the user's. Errors: PT404 no such recurring item.
create or replace function core.item_check(_user_id bigint, _recurring_item_id bigint)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    return core.check_found(
        'recurring item',
        (
            select true
            from data.recurring_items
            where user_id = _user_id and id = _recurring_item_id
        )
    );
end;
$$;
