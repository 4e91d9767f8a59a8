select plan(13);

delete from data.expectation_fits;
insert into data.users (id) select -number from generate_series(1, 60) as number;
insert into data.expectation_fits (
    fitted_on, account_count, window_count, month_flows, month_counts
)
values ('2026-01-01', 60, 60, array_fill(0, '{12}'), array_fill(9, '{12}'));
-- Sixty owners: change = half the first feature and an error between -1 and 1, the same for each
-- day; those of the even half are ten times as calm, and are measured so.
insert into data.expectation_samples (
    user_id, account_id, fitted_on, cut_on, day, features, spreads, change, lowest
)
select
    -number, 1, '2026-01-01', '2025-06-01', day, array[feature, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    array[ln(calm), 0], 0.5 * feature + calm * error, least(0, 0.5 * feature + calm * error) - 1
from (
    select
        number,
        (hashint4(number)::bigint % 1000) / 1000.0::double precision as feature,
        (number - 30.5) / 29.5::double precision as error,
        case number % 2 when 0 then 0.1 else 1.0 end::double precision as calm
    from generate_series(1, 60) as number
) as owner
cross join core.refit_days();

select is(core.bucket_make('2026-01-01'), 10::bigint, 'a fit has ten buckets');
select is(
    (select array_agg(round(weights[1]::numeric, 1) order by bucket) from data.expectation_buckets),
    array_fill(0.5, '{10}'), 'each with the weights of its days'
);
select ok(
    (
        select min(exp(spread[1] + spread[2] * ln(1.0)) / exp(spread[1] + spread[2] * ln(0.1)))
            between 3 and 10
        from data.expectation_buckets
    ),
    'a spread that follows the measures: who swings more is told of more widely'
);
select is(
    (
        select bool_and(quantiles = array(select q from unnest(quantiles) as q order by q))
        from data.expectation_buckets
    ),
    true, 'quantiles rise'
);
select ok(
    (select bool_and(quantiles[3] < 0 and quantiles[19] > 0) from data.expectation_buckets),
    'and lie on both sides of the middle'
);
select is(
    (select count(*) from data.expectation_days where fitted_on = '2026-01-01'), 180::bigint,
    'the days are unfolded with them'
);

update data.expectation_buckets
set weights = array_fill(bucket::double precision, '{10}'),
    spread = array_fill(bucket::double precision, '{3}'),
    quantiles = array_fill(bucket::double precision, '{21}');
select is(core.bucket_unfold('2026-01-01'), 180::bigint, 'unfolding again replaces the days');
select is(
    (select row(weights[10], spread[3], quantiles[21])::text
     from data.expectation_days where day = 19),
    '(4,4,4)', 'the middle of a bucket is as the bucket says (16 to 22: 19)'
);
select is(
    (select weights[1]::numeric(9, 6) from data.expectation_days where day = 8),
    2.416667, 'between two it is the straight line (5.5: 2, 11.5: 3)'
);
select is(
    (select array_agg(weights[1] order by day) from data.expectation_days where day in (1, 2)),
    '{1,1}'::double precision[], 'before the first middle it is the first bucket'
);
select is(
    (select weights[1] from data.expectation_days where day = 180), 10::double precision,
    'after the last one the last'
);

update data.expectation_days
set weights = array_fill(0, '{10}'), spread = array[ln(2), 0, 0];
update data.expectation_samples set lowest = -1 where day <= 7;
select is(core.bucket_risks('2026-01-01'), 3::bigint, 'risks are of three spans');
select is(
    (select array_agg(distinct round(q::numeric, 6)) from data.expectation_risks
     cross join unnest(quantiles) as q where days = 7),
    '{-0.500000}'::numeric[],
    'quantiles of the lowest balance less the lowest p50, by the spread: -1 by 2'
);

select * from finish();
