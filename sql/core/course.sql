-- The course of spending: months side by side, as columns for a page that draws them.

-- How much a value changes from one place to the next, by least squares through _count points, from
-- the sums over them; null for fewer than two. Source: the normal equation of a line.
create or replace function core.course_slope(
    _count bigint, _x numeric, _y numeric, _xy numeric, _xx numeric
)
returns numeric
language sql immutable parallel safe
as $$
    select round((_count * _xy - _x * _y) / nullif(_count * _xx - _x * _x, 0), 2);
$$;

-- What api.spending_trends answers: _months months that end with the one of _as_of, as columns, in
-- all and by category, those first that the most was spent in; every list has one place a month.
-- smooth is the mean of a month and the two before it. average and slope look at complete months
-- alone, from the first one that anything was booked in: the mean, and the line through them by
-- least squares, as change per month (below zero: more goes out each month). A category that has
-- nothing in a month has 0.00 there.
create or replace function core.course_json(
    _user_id bigint, _as_of date, _months integer, _currency text
)
returns json
language plpgsql stable
as $$
declare
    v_last constant date := core.spending_month(_as_of);
    v_first constant date := (v_last - (_months - 1) * interval '1 month')::date;
begin
    return (
        with cells as materialized (
            select category_id, name, currency, month_on, spent, received
            from core.trend_cells(_user_id, v_first, _as_of)
        ),
        begun as (
            select min(month_on) as month_on from cells where currency = _currency
        ),
        months as (
            select
                place,
                month.first_on,
                month.first_on >= begun.month_on
                    and (month.first_on < v_last or core.spending_month(_as_of + 1) > v_last)
                    as is_whole
            from generate_series(1, _months) as place
            cross join lateral (
                select (v_first + (place - 1) * interval '1 month')::date
            ) as month (first_on)
            cross join begun
        ),
        sums as (
            select false as is_total, coalesce(category_id, 0) as key, month_on, spent, received
            from cells
            where currency = _currency
            union all
            select true, 0, month_on, sum(spent), sum(received)
            from cells
            where currency = _currency
            group by month_on
        ),
        groups as (
            select distinct false as is_total, coalesce(category_id, 0) as key, category_id, name
            from cells
            where currency = _currency
            union all
            select true, 0, null, null
        ),
        filled as (
            select
                groups.is_total,
                groups.category_id,
                groups.name,
                months.place,
                months.first_on,
                months.is_whole,
                coalesce(sums.spent, 0.00) as spent,
                coalesce(sums.received, 0.00) as received
            from groups
            cross join months
            left join sums
                on sums.is_total = groups.is_total
                and sums.key = groups.key
                and sums.month_on = months.first_on
        ),
        smoothed as (
            select
                *,
                received - spent as net,
                round(
                    avg(received - spent) over (
                        partition by is_total, category_id
                        order by place rows between 2 preceding and current row
                    ),
                    2
                ) as smooth
            from filled
        ),
        lines as (
            select
                is_total,
                name,
                sum(net) as net_sum,
                json_agg(first_on order by place) as months,
                count(*) filter (where is_whole) as whole_months,
                json_build_object(
                    'category_id', category_id,
                    'name', name,
                    'spent', json_agg(spent order by place),
                    'received', json_agg(received order by place),
                    'net', json_agg(net order by place),
                    'smooth', json_agg(smooth order by place),
                    'average', round(avg(net) filter (where is_whole), 2),
                    'slope', core.course_slope(
                        count(*) filter (where is_whole),
                        sum(place) filter (where is_whole),
                        sum(net) filter (where is_whole),
                        sum(place * net) filter (where is_whole),
                        sum(place * place) filter (where is_whole)
                    )
                ) as line
            from smoothed
            group by is_total, category_id, name
        )
        select json_build_object(
            'currency', _currency,
            'months', total.months,
            'whole_months', total.whole_months,
            'total', total.line,
            'categories', (
                select coalesce(json_agg(one.line order by one.net_sum, one.name), '[]')
                from lines as one
                where not one.is_total
            ),
            'other_currencies', (
                select coalesce(json_agg(other order by other.currency), '[]')
                from (
                    select
                        currency,
                        sum(spent) as spent,
                        sum(received) as received,
                        sum(received) - sum(spent) as net
                    from cells
                    where currency <> _currency
                    group by currency
                ) as other
            )
        )
        from lines as total
        where total.is_total
    );
end;
$$;

-- What core.course_json says, in the words of api.route.
create or replace function core.course_shape()
returns jsonb
language sql immutable parallel safe
as $$
    with lines as (
        select '{
            "category_id": "integer?",
            "name": "text?",
            "spent": ["money"],
            "received": ["money"],
            "net": ["money"],
            "smooth": ["money"],
            "average": "money?",
            "slope": "money?"
        }'::jsonb as line
    )
    select jsonb_build_object(
        'currency', 'text',
        'months', jsonb_build_array('date'),
        'whole_months', 'integer',
        'total', line,
        'categories', jsonb_build_array(line),
        'other_currencies', '[
            {"currency": "text", "spent": "money", "received": "money", "net": "money"}
        ]'::jsonb
    )
    from lines;
$$;
