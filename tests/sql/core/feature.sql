select plan(17);

-- A ledger with 1,000.00 a month as of 31 January 2026. Series book 360.00 on day 10, -180.00 on
-- day 40 and 90.00 on day 190: a mean rate of 1.00 a day over the 180 days.
create function pg_temp.state(_more jsonb default '{}')
returns data.expectation_states language sql as $$
    select jsonb_populate_record(
        null::data.expectation_states,
        jsonb_build_object(
            'as_of', '2026-01-31', 'history_days', 365, 'balance', 1000, 'scale', 100000,
            'mean_90', 5000, 'mean_180', -2000, 'pace', 0.5, 'thrift', 0.2,
            'profile', (select json_agg(100 * day order by day) from generate_series(1, 31) as day),
            'due_days', '{10,40,190}'::integer[], 'due_cents', '{36000,-18000,9000}'::bigint[]
        ) || _more
    );
$$;
-- January to December; February 0.28, March 0.31, the others nothing.
create function pg_temp.features(_day integer, _more jsonb default '{}')
returns numeric[] language sql as $$
    select array(
        select trim_scale(round(feature::numeric, 6))
        from unnest(array[
            line.saw, line.trend, line.season, line.level, line.mean_90, line.mean_180,
            line.aged, line.youth, line.pace, line.thrift
        ]) with ordinality as known (feature, place)
        order by place
    )
    from core.feature_rows(
        pg_temp.state(_more), '{0,0.28,0.31,0,0,0,0,0,0,0,0,0}', greatest(_day, 200)
    ) as line
    where line.day = _day;
$$;

select results_eq(
    $$ select day from core.feature_rows(pg_temp.state(), array_fill(0.0::float8, '{12}'), 3) $$,
    $$ values (1), (2), (3) $$, 'a row a day'
);
select is(
    pg_temp.features(1),
    array[
        -0.001, 0.001, 0.01, -0.009, 0.05, -0.02, -0.02, round(exp(-365 / 120.0) / 180, 6),
        round(0.5 / 30, 6), round(0.2 / 30, 6)
    ],
    'day 1: nothing booked yet, one day of the rate, of February, of pace and thrift'
);
select is(
    pg_temp.features(30),
    array[
        0.33, 0.03, 0.3, -0.008, 0.05, -0.02, -0.02, round(exp(-365 / 120.0) / 6, 6), 0.5, 0.2
    ],
    'day 30, 2 March: 360 booked, all of February and two days of March'
);
select is(
    (pg_temp.features(40))[1], 0.14, 'day 40: a series that takes money takes it from the saw'
);
select is(
    (pg_temp.features(200))[1:2], '{0.07,0.18}'::numeric[],
    'day 200: the trend stands still after 180 days, the saw goes on'
);
select is(
    (pg_temp.features(401))[1:2], '{0.324,0.18}'::numeric[],
    'day 401 is the 36th day of the year before'
);
select is(
    (pg_temp.features(770))[1], (pg_temp.features(40))[1], 'day 770 is the 40th once more'
);
select is(
    (pg_temp.features(200))[9:10], '{3,1.2}'::numeric[], 'nor do pace and thrift go beyond 180'
);
select is(
    (pg_temp.features(365))[3], 0.59, 'the season of a year is its twelve months'
);
select is(
    (pg_temp.features(1, '{"history_days": 73}'))[7], -0.004,
    'a young ledger has less of a level to come back to'
);
select is(
    (pg_temp.features(180, '{"history_days": 0}'))[8], 1::numeric, 'and more to grow'
);
select is(
    pg_temp.features(30, '{"scale": 200000, "balance": 2000}'),
    array[
        0.165, 0.015, 0.3, -0.009, 0.025, -0.01, -0.01, round(exp(-365 / 120.0) / 6, 6), 0.5, 0.2
    ],
    'amounts are told in months of income'
);
select is_empty(
    $$ select * from core.feature_rows(
           pg_temp.state('{"scale": 0}'), array_fill(0.0::float8, '{12}'), 3
       ) $$,
    'without a scale nothing is told'
);

select is(
    (select array_agg(measure::numeric(9, 6) order by place)
     from unnest(core.feature_spread(1000, 500, 0, 1)) with ordinality as m (measure, place)),
    array[ln(0.55)::numeric(9, 6), ln(0.05)::numeric(9, 6)],
    'a trusted ledger is measured by itself'
);
select is(
    (select array_agg(measure::numeric(9, 6) order by place)
     from unnest(core.feature_spread(1000, 500, 0, 0)) with ordinality as m (measure, place)),
    array[ln(0.75)::numeric(9, 6), ln(0.75)::numeric(9, 6)],
    'an unknown one by the middle of all'
);

select results_eq(
    $$ select * from core.feature_days('2028-02-27', 4) order by day $$,
    $$ values (1, 2, 28, 29), (2, 2, 29, 29), (3, 3, 1, 31), (4, 3, 2, 31) $$,
    'days ahead stand in their months, a leap day too'
);
select results_eq(
    $$ select
           ahead.day, extract(month from on_day)::integer, extract(day from on_day)::integer,
           (date_trunc('month', on_day) + interval '1 month')::date
               - date_trunc('month', on_day)::date
       from generate_series(1, 731) as ahead (day)
       cross join lateral (select date '2026-12-31' + ahead.day as on_day) as calendar $$,
    $$ select * from core.feature_days('2026-12-31', 731) order by day $$,
    'as the calendar has them'
);

select * from finish();
