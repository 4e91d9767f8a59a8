-- Norms: what is usual for somebody, from their own past, and from where on something is not.

-- One row: how many values, the usual one and the edge above which a value is unusual; no row for
-- fewer than _count values. _values are positive and no order is needed.
-- On logarithms, which are no money, so that it has no scale: ten times the income and ten times
-- the spending are as usual as before. usual = median; edge = exp(median + _spreads x spread),
-- spread = 1.4826 x median absolute deviation of the logarithms, at least _floor. 1.4826 makes it
-- the standard deviation of a normal distribution; half of the values may be anything before it
-- breaks (Rousseeuw, Croux, Alternatives to the Median Absolute Deviation, JASA 88, 1993).
-- The edge is also a quarter above the second largest of _recent: what came twice lately, as a rent
-- does that nobody planned, is no surprise, while a single outlier does not hide the next one.
create or replace function core.norm_row(
    _values numeric[],
    _recent numeric[],
    _spreads numeric,
    _floor numeric,
    _count integer
)
returns table (value_count integer, usual numeric, edge numeric)
language sql immutable parallel safe
as $$
    with logs as (
        select ln(value::float) as log from unnest(_values) as value
    ),
    middles as (
        select percentile_cont(0.5) within group (order by log) as log from logs
    ),
    spreads as (
        select percentile_cont(0.5) within group (order by abs(logs.log - middles.log)) as log
        from logs
        cross join middles
    )
    select
        cardinality(_values),
        round(exp(middles.log)::numeric, 2),
        round(
            greatest(
                exp(middles.log + _spreads * greatest(1.4826 * spreads.log, _floor))::numeric,
                1.25 * (
                    select value from unnest(_recent) as value
                    order by value desc
                    offset 1 limit 1
                )
            ),
            2
        )
    from middles
    cross join spreads
    where cardinality(_values) >= _count;
$$;
