select plan(10);

-- Quantiles of a value that is 100 times its chance: 1, 5, 10, …, 95, 99.
create function pg_temp.even() returns double precision[] language sql as $$
    select array_agg(100 * point order by point) from unnest(core.chance_points()) as point;
$$;

select is(cardinality(core.chance_points()), 21, 'a distribution is kept as 21 quantiles');
select is(
    (select array[(core.chance_points())[3], (core.chance_points())[19]]),
    '{0.1,0.9}'::double precision[], 'p10 is the third, p90 the nineteenth'
);
select is(
    (
        select array_agg(core.chance_below(100 * point, pg_temp.even()) order by point)
        from unnest(core.chance_points()) as point
    ),
    core.chance_points(), 'at each quantile the chance is its own'
);
select is(
    core.chance_below(12.5, pg_temp.even())::numeric(6, 4), 0.1250, 'between two, the straight line'
);
select ok(
    core.chance_below(0, pg_temp.even()) between 0.001 and 0.0099, 'below the first it is less'
);
select ok(
    core.chance_below(100, pg_temp.even()) between 0.9901 and 0.999, 'beyond the last it is more'
);
select is(
    (
        select array_agg(chance order by value) = array_agg(chance order by chance)
        from (
            select value, core.chance_below(value, pg_temp.even()) as chance
            from (
                select number / 2.0::double precision as value
                from generate_series(-100, 300) as number
            ) as values_of
        ) as row
    ),
    true, 'a higher value is never less likely to lie above'
);
select ok(
    core.chance_below(-10, pg_temp.even()) < core.chance_below(-9, pg_temp.even())
    and core.chance_below(-10, pg_temp.even()) > 0,
    'of two unlikely values the farther one is less likely, and neither is impossible'
);
select ok(
    core.chance_below(-1e9, pg_temp.even()) >= 0 and core.chance_below(1e9, pg_temp.even()) <= 1,
    'a chance stays a chance however far away'
);
select ok(
    core.chance_below(5 - 1e-12, array_fill(5::double precision, '{21}')) <= 0.01
    and core.chance_below(5, array_fill(5::double precision, '{21}')) >= 0.99,
    'a value that is certain has a step'
);

select * from finish();
