-- Recurring items into a budget: what they come to inside its period.

-- What each active item comes to in the days of a budget, by key, and what becomes of it. outcome
-- is copied or left, reason says why it is left: transfer, other_currency, no_occurrence,
-- no_subcategory, has_allocation, has_source or too_large. amount has the sign of the item; days
-- are those of core.occurrence_rows. Items on closed accounts do not occur.
create or replace function core.copy_rows(_user_id bigint, _budget_id bigint)
returns table (
    recurring_item_id bigint,
    name text,
    kind text,
    subcategory_id bigint,
    occurrence_count bigint,
    amount numeric,
    reason text
)
language plpgsql stable parallel safe
as $$
#variable_conflict use_column
begin
    return query
    with grounds as materialized (
        select starts_on, ends_on, accounts, active
        from core.digest_ground(_user_id, _budget_id)
    ),
    sums as materialized (
        select
            occurrence.recurring_item_id,
            count(*) as occurrence_count,
            sum(occurrence.amount_cents) * 0.01 as amount
        from grounds as ground
        cross join lateral core.occurrence_rows(
            _user_id, ground.active, null, ground.starts_on, ground.ends_on
        ) as occurrence
        group by occurrence.recurring_item_id
    )
    select
        item.id,
        item.name,
        item.kind,
        item.subcategory_id,
        coalesce(sums.occurrence_count, 0),
        coalesce(sums.amount, 0.00),
        case
            when item.kind = 'transfer' then 'transfer'
            when item.account_id <> all (ground.accounts) then 'other_currency'
            when item.kind = 'income' and exists (
                select from data.income_sources as source
                where source.user_id = _user_id and source.recurring_item_id = item.id
            ) then 'has_source'
            when sums.amount is null then 'no_occurrence'
            when item.kind = 'income' then null
            when item.subcategory_id is null then 'no_subcategory'
            when exists (
                select from data.budget_allocations as allocation
                where allocation.user_id = _user_id
                  and allocation.budget_id = _budget_id
                  and allocation.subcategory_id = item.subcategory_id
            ) then 'has_allocation'
            when sum(sums.amount) over (
                partition by item.kind, item.subcategory_id
            ) < -999999999999.99 then 'too_large'
        end
    from grounds as ground
    inner join data.recurring_items as item on item.user_id = _user_id and item.is_active
    left join sums on sums.recurring_item_id = item.id
    order by item.id;
end;
$$;

-- Fills a budget from the recurring items: of expenses one allocation per subcategory, the sum of
-- its items; of incomes one source each. What has an allocation or a source is left as it is, so a
-- second run copies nothing. Returns {copied_count, left_count, allocated, items}, one item per
-- active recurring item, by key. Errors: PT404 no such budget.
create or replace function core.copy_run(_user_id bigint, _budget_id bigint)
returns json
language plpgsql
as $$
declare
    v_report json;
begin
    perform core.user_hold(_user_id);
    perform core.budget_check(_user_id, _budget_id);
    with found as materialized (
        select * from core.copy_rows(_user_id, _budget_id)
    ),
    given as (
        insert into data.budget_allocations (
            user_id, budget_id, subcategory_id, amount, is_recurring, recurring_item_id
        )
        -- The item of most weight stands for all of them.
        select
            _user_id, _budget_id, subcategory_id, -sum(amount), true,
            (array_agg(recurring_item_id order by amount, recurring_item_id))[1]
        from found
        where kind = 'expense' and reason is null
        group by subcategory_id
        order by subcategory_id
        on conflict (user_id, budget_id, subcategory_id) do nothing
        returning id, subcategory_id, amount
    ),
    sourced as (
        insert into data.income_sources (user_id, name, recurring_item_id)
        select _user_id, name, recurring_item_id
        from found
        where kind = 'income' and reason is null
        order by recurring_item_id
        on conflict (user_id, recurring_item_id) where recurring_item_id is not null do nothing
        returning id, recurring_item_id
    )
    select json_build_object(
        'copied_count', count(*) filter (where found.reason is null),
        'left_count', count(found.reason),
        'allocated', (select coalesce(sum(amount), 0.00) from given),
        'items', coalesce(
            json_agg(
                json_build_object(
                    'recurring_item_id', found.recurring_item_id,
                    'name', found.name,
                    'kind', found.kind,
                    'subcategory_id', found.subcategory_id,
                    'occurrence_count', found.occurrence_count,
                    'amount', found.amount,
                    'outcome', case when found.reason is null then 'copied' else 'left' end,
                    'reason', found.reason,
                    'allocation_id', given.id,
                    'income_source_id', sourced.id
                )
                order by found.recurring_item_id
            ),
            '[]'
        )
    )
    into v_report
    from found
    left join given
        on found.kind = 'expense'
        and found.reason is null
        and given.subcategory_id = found.subcategory_id
    left join sourced on sourced.recurring_item_id = found.recurring_item_id;
    return v_report;
end;
$$;

-- What api functions say of such a report, in the words of api.route.
create or replace function core.copy_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "copied_count": "integer",
        "left_count": "integer",
        "allocated": "money",
        "items": [{
            "recurring_item_id": "integer",
            "name": "text",
            "kind": "income|expense|transfer",
            "subcategory_id": "integer?",
            "occurrence_count": "integer",
            "amount": "money",
            "outcome": "copied|left",
            "reason": "text?",
            "allocation_id": "integer?",
            "income_source_id": "integer?"
        }]
    }'::jsonb;
$$;
