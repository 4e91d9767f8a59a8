-- Trends: what was spent and received month by month, in all and by category.

-- What was spent and received from _from to _to by currency and month; a month that the range cuts
-- is summed as far as it lies in it. Shape: one row a currency and month with legs, no order.
create or replace function core.trend_sums(_user_id bigint, _from date, _to date)
returns table (
    currency text,
    month_on date,
    spent numeric,
    received numeric,
    spent_count bigint,
    received_count bigint
)
language sql stable parallel safe
as $$
    select
        account.currency,
        sums.month_on,
        coalesce(-sum(sums.amount) filter (where sums.is_spent), 0.00),
        coalesce(sum(sums.amount) filter (where not sums.is_spent), 0.00),
        coalesce(sum(sums.legs) filter (where sums.is_spent), 0)::bigint,
        coalesce(sum(sums.legs) filter (where not sums.is_spent), 0)::bigint
    from (
        select
            leg.account_id,
            core.spending_month(leg.on_day) as month_on,
            leg.amount < 0 as is_spent,
            sum(leg.amount) as amount,
            count(*) as legs
        from core.spending_legs(_user_id, _from, _to) as leg
        group by 1, 2, 3
    ) as sums
    inner join data.accounts as account
        on account.user_id = _user_id and account.id = sums.account_id
    group by 1, 2;
$$;

-- The same by category as well; category_id and name are null for what has none.
create or replace function core.trend_cells(_user_id bigint, _from date, _to date)
returns table (
    currency text,
    month_on date,
    category_id bigint,
    name text,
    spent numeric,
    received numeric
)
language sql stable parallel safe
as $$
    select
        account.currency,
        sums.month_on,
        category.id,
        category.name,
        coalesce(-sum(sums.amount) filter (where sums.is_spent), 0.00),
        coalesce(sum(sums.amount) filter (where not sums.is_spent), 0.00)
    from (
        select
            leg.account_id,
            leg.subcategory_id,
            core.spending_month(leg.on_day) as month_on,
            leg.amount < 0 as is_spent,
            sum(leg.amount) as amount
        from core.spending_legs(_user_id, _from, _to) as leg
        group by 1, 2, 3, 4
    ) as sums
    inner join data.accounts as account
        on account.user_id = _user_id and account.id = sums.account_id
    left join data.subcategories as subcategory
        on subcategory.user_id = _user_id and subcategory.id = sums.subcategory_id
    left join data.categories as category
        on category.user_id = _user_id and category.id = subcategory.category_id
    group by 1, 2, 3, 4;
$$;
