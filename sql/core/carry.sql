-- What an envelope carries on: a balance that goes through one budget after the other.

-- What goes on after a budget: what came, and what its allocation and bookings add, by the rule.
create or replace function core.carry_step(_came numeric, _added numeric, _carry_rule text)
returns numeric
language sql immutable parallel safe
as $$
    select case _carry_rule
        when 'none' then 0.00
        when 'left' then greatest(0.00, _came + _added)
        when 'overspent' then least(0.00, _came + _added)
        else _came + _added
    end;
$$;

-- What goes on after budgets in their order, from nothing: core.carry_sum(added, rule order by
-- chain_no). 0 of none.
create or replace aggregate core.carry_sum(numeric, text) (
    sfunc = core.carry_step,
    stype = numeric,
    initcond = '0.00',
    parallel = safe
);

-- What each envelope brings into budget number _chain_no of a chain from the ones before it, as of
-- a day; accounts: whose bookings count. An envelope that a budget in between did not have begins
-- anew after it. Shape: one row per subcategory of the budget before, no order.
create or replace function core.carry_rows(
    _user_id bigint, _chain_id bigint, _chain_no integer, _accounts bigint[], _as_of date
)
returns table (subcategory_id bigint, amount numeric)
language sql stable parallel safe
as $$
    with earlier as materialized (
        select
            budget.id,
            budget.chain_no,
            budget.carry_rule,
            period.starts_on,
            least(period.ends_on, _as_of) as until_on
        from data.budgets as budget
        inner join data.budget_periods as period
            on period.user_id = _user_id and period.id = budget.budget_period_id
        where budget.user_id = _user_id
          and budget.chain_id = _chain_id
          and budget.chain_no < _chain_no
    ),
    spent as (
        select earlier.chain_no, booked.subcategory_id, booked.received - booked.spent as amount
        from earlier
        cross join lateral core.envelope_sums(
            _user_id, earlier.starts_on, earlier.until_on, _accounts
        ) as booked
    ),
    kept as (
        select
            earlier.chain_no,
            allocation.subcategory_id,
            allocation.amount,
            case when allocation.is_carried then earlier.carry_rule else 'none' end as carry_rule,
            row_number() over (
                partition by allocation.subcategory_id order by earlier.chain_no desc
            ) as back
        from earlier
        inner join data.budget_allocations as allocation
            on allocation.user_id = _user_id and allocation.budget_id = earlier.id
    )
    select
        kept.subcategory_id,
        core.carry_sum(
            kept.amount + coalesce(spent.amount, 0), kept.carry_rule order by kept.chain_no
        )
    from kept
    left join spent
        on spent.chain_no = kept.chain_no and spent.subcategory_id = kept.subcategory_id
    where kept.back = _chain_no - kept.chain_no
    group by kept.subcategory_id;
$$;
