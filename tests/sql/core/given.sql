select plan(11);

select is(
    (select count(*) from data.expectation_fits where is_given), 1::bigint,
    'the product comes with a fit'
);
select is(
    (select row(
        (select count(*) from data.expectation_buckets where fitted_on = fit.fitted_on),
        (select count(*) from data.expectation_days where fitted_on = fit.fitted_on),
        (select count(*) from data.expectation_risks where fitted_on = fit.fitted_on)
    )::text from data.expectation_fits as fit where is_given),
    '(10,180,3)', 'of ten buckets, 180 days and three risks'
);
select is(
    (select bool_and(
         rising.quantiles = array(select q from unnest(rising.quantiles) as q order by q)
     )
     from (
         select quantiles from data.expectation_days
         union all
         select quantiles from data.expectation_risks
     ) as rising),
    true, 'whose quantiles rise'
);
select is(
    (select bool_and(quantiles[3] < 0 and quantiles[19] > 0) from data.expectation_days), true,
    'around the middle'
);

select is(
    (core.given_season(fit, 'CZK')).month_flows, fit.month_flows,
    'the season that came along is that of the money it was learnt from'
)
from data.expectation_fits as fit where is_given;
select is(
    (core.given_season(fit, 'USD')).month_flows[1], fit.month_flows[1] / 2,
    'in other money it counts by half until ledgers of its own made a fit'
)
from data.expectation_fits as fit where is_given;
select is(
    (core.given_season(
        row('2026-01-05', 1, 7, array_fill(0.5::float8, '{12}'), array_fill(9, '{12}'), false,
            now())::data.expectation_fits, 'USD'
    )).month_flows,
    array_fill(0.5::double precision, '{12}'),
    'a fit made here has one in all'
);

create function pg_temp.give(_on date, _windows integer) returns text language plpgsql as $$
begin
    call core.given_fit(
        fitted_on => _on,
        account_count => 1,
        window_count => _windows,
        month_flows => array_fill(0, '{12}'),
        month_counts => array_fill(9, '{12}'),
        weights => array_fill(1, '{10,10}'),
        spreads => array_fill(2, '{10,3}'),
        quantiles => array_fill(3, '{10,21}'),
        risks => array_fill(4, '{3,21}')
    );
    return (
        select string_agg(
            concat_ws(' ', fitted_on, window_count, is_given), ', ' order by fitted_on
        )
        from data.expectation_fits
    );
end;
$$;
delete from data.expectation_fits where not is_given;
insert into data.expectation_fits (
    fitted_on, account_count, window_count, month_flows, month_counts
)
values ('2026-01-05', 1, 7, array_fill(0, '{12}'), array_fill(9, '{12}'));
select is(
    pg_temp.give('2000-01-01', 5), '2000-01-01 5 t, 2026-01-05 7 f',
    'the fit of a new release takes the place of the one given before, and of no other'
);
select is(
    (select row(weights[10], spread[3], quantiles[21])::text
     from data.expectation_days where fitted_on = '2000-01-01' and day = 100),
    '(1,2,3)', 'each number where it belongs'
);
select is(
    pg_temp.give('2000-01-01', 5), '2000-01-01 5 t, 2026-01-05 7 f', 'giving twice is giving once'
);
select is(
    pg_temp.give('2026-01-05', 5), '2000-01-01 5 t, 2026-01-05 7 f',
    'a fit that was made here for that day stays'
);

select * from finish();
