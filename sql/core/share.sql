-- Allocations as the wire shows them.

-- The budget's allocations with subcategories above _after_id, by subcategory, under the names of
-- the wire.
create or replace function core.share_page(
    _user_id bigint, _budget_id bigint, _after_id bigint, _limit integer
)
returns table (
    version integer,
    id bigint,
    budget_id bigint,
    subcategory_id bigint,
    amount numeric,
    is_recurring boolean,
    is_carried boolean,
    recurring_item_id bigint,
    created_at timestamptz,
    updated_at timestamptz
)
language sql stable parallel safe
as $$
    select
        version,
        id,
        budget_id,
        subcategory_id,
        amount,
        is_recurring,
        is_carried,
        recurring_item_id,
        created_at,
        updated_at
    from data.budget_allocations
    where user_id = _user_id
      and budget_id = _budget_id
      and subcategory_id > _after_id
    order by subcategory_id
    limit _limit;
$$;

-- What api functions say of an allocation, in the words of api.route.
create or replace function core.share_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "integer",
        "budget_id": "integer",
        "subcategory_id": "integer",
        "amount": "money",
        "is_recurring": "boolean",
        "is_carried": "boolean",
        "recurring_item_id": "integer?",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- The one allocation as json, or null.
create or replace function core.share_json(
    _user_id bigint, _budget_id bigint, _budget_allocation_id bigint
)
returns json
language sql stable parallel safe
as $$
    select to_json(allocation)
    from data.budget_allocations as known
    cross join lateral core.share_page(
        _user_id, _budget_id, known.subcategory_id - 1, 1
    ) as allocation
    where known.user_id = _user_id
      and known.id = _budget_allocation_id
      and known.budget_id = _budget_id
      and allocation.id = known.id;
$$;
