-- Questions over many users, from mart.user_spending_summary: what others spend, never what one of
-- them does. A group of fewer than ten people is not told of at all, and amounts are rounded to
-- whole units, so that no figure is one person's own.

-- What people spent in a category in a month, refunds taken off, by the name of the category in any
-- case: of those who spent anything there, how many, and the quarter, the half and three quarters
-- of them spent no more than. Shape: one row a category of at least _least people, the largest
-- median first.
create or replace function core.summary_medians(
    _month_on date, _currency text, _least integer default 10
)
returns table (category text, users bigint, p25 numeric, median numeric, p75 numeric)
language sql stable
as $$
    with outlays as (
        select
            summary.user_id,
            lower(category.name) as folded,
            max(category.name) as category,
            sum(summary.spent - summary.received) as outlay
        from mart.user_spending_summary as summary
        inner join data.subcategories as subcategory
            on subcategory.user_id = summary.user_id and subcategory.id = summary.subcategory_id
        inner join data.categories as category
            on category.user_id = summary.user_id and category.id = subcategory.category_id
        where summary.currency = _currency
          and summary.month_on = _month_on
        group by 1, 2
        having sum(summary.spent - summary.received) > 0
    )
    select
        min(category),
        count(*),
        round(percentile_disc(0.25) within group (order by outlay)),
        round(percentile_disc(0.5) within group (order by outlay)),
        round(percentile_disc(0.75) within group (order by outlay))
    from outlays
    group by folded
    having count(*) >= _least
    order by 4 desc, 1;
$$;

-- How much more or less than in their own mean month people spend in each month of the year: the
-- median over people of what went out in the month by what went out in a mean month. People count
-- who spent something in each of the twelve months that end with _last. Shape: one row a month of
-- the year, 1 to 12, where there are at least _least people.
create or replace function core.summary_index(
    _last date, _currency text, _least integer default 10
)
returns table (month integer, users bigint, month_index numeric)
language sql stable
as $$
    with months as (
        select summary.user_id, summary.month_on, sum(summary.spent) as spent
        from mart.user_spending_summary as summary
        where summary.currency = _currency
          and summary.month_on > (_last - interval '1 year')::date
          and summary.month_on <= _last
          and summary.spent > 0
        group by 1, 2
    ),
    shares as (
        select
            month_on,
            spent / avg(spent) over (partition by user_id) as share,
            count(*) over (partition by user_id) as months
        from months
    )
    select
        extract(month from month_on)::integer,
        count(*),
        round(percentile_disc(0.5) within group (order by share), 3)
    from shares
    where months = 12
    group by 1
    having count(*) >= _least
    order by 1;
$$;

-- What api.summary_read answers. Crosses owners, so its caller is an admin.
create or replace function core.summary_json(_month_on date, _currency text)
returns json
language sql stable
as $$
    select json_build_object(
        'month', _month_on,
        'currency', _currency,
        'as_of', (
            select refreshed_at from data.mart_refreshes where relation = 'user_spending_summary'
        ),
        'categories', (
            select coalesce(json_agg(row), '[]')
            from core.summary_medians(_month_on, _currency) as row
        ),
        'month_index', (
            select coalesce(json_agg(row), '[]')
            from core.summary_index(_month_on, _currency) as row
        )
    );
$$;
call core.cross_owner(
    'core.summary_json(date, text)', 'medians of at least ten people say nothing of one of them'
);
