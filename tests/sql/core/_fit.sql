-- A fit that adds nothing to the balance, in a band of 1.6 tenths of the scale.
delete from data.expectation_fits;
create function pg_temp.fit(_on date, _is_given boolean default false)
returns void language sql as $$
    insert into data.expectation_fits (
        fitted_on, account_count, window_count, month_flows, month_counts, is_given
    )
    values (_on, 1, 1, array_fill(0, '{12}'), array_fill(9, '{12}'), _is_given);
    insert into data.expectation_days (fitted_on, day, weights, spread, quantiles)
    select
        _on, day, array_fill(0, '{10}'), array[ln(0.1), 0, 0],
        array(select 4 * (point - 0.5) from unnest(core.chance_points()) as point order by point)
    from generate_series(1, 180) as day;
    insert into data.expectation_risks (fitted_on, days, quantiles)
    select
        _on, days,
        array(select 4 * (point - 0.5) from unnest(core.chance_points()) as point order by point)
    from unnest('{7,30,90}'::integer[]) as days;
$$;
