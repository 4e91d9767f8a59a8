-- Norms: what is usual for somebody, from their own past, and from where on something is not.

-- One row: how many values, the usual one and the edge above which a value is unusual; no row for
-- fewer than _count values. _values are positive and no order is needed.
-- usual = median; edge = median + _spreads x spread, spread = 1.4826 x median absolute deviation,
-- at least _floor x median: it has no scale, for ten times the money is as usual as before. 1.4826
-- makes it the standard deviation of a normal distribution; half of the values may be anything
-- before it breaks (Rousseeuw, Croux, Alternatives to the Median Absolute Deviation, JASA 88,
-- 1993). The edge is also a quarter above the second largest of _recent: spending is skewed, and
-- what came twice lately, as a rent does that nobody planned, is no surprise, while a single
-- outlier does not hide the next one. plpgsql, so that its plans are kept from call to call.
create or replace function core.norm_row(
    _values numeric[], _recent numeric[], _spreads numeric, _floor numeric, _count integer
)
returns table (value_count integer, usual numeric, edge numeric)
language plpgsql immutable parallel safe
as $$
declare
    v_usual numeric;
    v_deviation numeric;
begin
    if cardinality(_values) < _count then
        return;
    end if;
    v_usual := (
        select percentile_cont(0.5) within group (order by value) from unnest(_values) as value
    );
    v_deviation := (
        select percentile_cont(0.5) within group (order by abs(value - v_usual))
        from unnest(_values) as value
    );
    value_count := cardinality(_values);
    usual := round(v_usual, 2);
    edge := round(
        greatest(
            v_usual + _spreads * greatest(1.4826 * v_deviation, _floor * v_usual),
            1.25 * (
                select value from unnest(_recent) as value
                order by value desc
                offset 1 limit 1
            )
        ),
        2
    );
    return next;
end;
$$;
