-- Buckets: what a fit keeps, and the days that a forecast reads.

-- Makes the buckets of a fit from its samples: weights of all owners; a spread, by least squares of
-- ln(mean |residual| + 0.03) on the two measures of core.feature_spread; the quantiles of residual
-- / spread. Returns how many buckets, 10. plpgsql: each part needs the one before.
create or replace function core.bucket_make(_fitted_on date)
returns bigint
language plpgsql
as $$
declare
    v_weights constant double precision[] := core.refit_weights(
        _fitted_on, null, null, 7
    );
    v_weights_0 constant double precision[] := core.refit_weights(_fitted_on, 0, v_weights, 3);
    v_weights_1 constant double precision[] := core.refit_weights(_fitted_on, 1, v_weights, 3);
    v_count bigint;
begin
    with residuals as materialized (
        select * from core.refit_residuals(_fitted_on, v_weights_0, v_weights_1)
    ),
    windows as (
        select
            bucket,
            spreads[1] as a,
            spreads[2] as b,
            ln(avg(abs(residual)) + 0.03) as z
        from residuals
        group by bucket, user_id, account_id, cut_on, spreads
    ),
    spreads as materialized (
        select
            bucket,
            core.solve_ridge(
                array[count(*), sum(a), sum(b), sum(a * a), sum(a * b), sum(b * b)],
                array[sum(z), sum(a * z), sum(b * z)],
                array[count(*), sum(a * a), sum(b * b)],
                0.001
            ) as spread
        from windows
        group by bucket
    ),
    quantiles as (
        select
            residual.bucket,
            percentile_cont(core.chance_points()) within group (
                order by residual.residual / exp(
                    spread.spread[1]
                    + spread.spread[2] * residual.spreads[1]
                    + spread.spread[3] * residual.spreads[2]
                )
            ) as quantiles
        from residuals as residual
        inner join spreads as spread on spread.bucket = residual.bucket
        group by residual.bucket
    )
    insert into data.expectation_buckets (
        fitted_on, bucket, middle, weights, spread, quantiles
    )
    select
        _fitted_on,
        known.bucket,
        known.middle,
        array(select v_weights[known.bucket][place] from generate_series(1, 10) as place),
        spreads.spread,
        quantiles.quantiles
    from (select distinct bucket, middle from core.refit_days()) as known
    inner join spreads on spreads.bucket = known.bucket
    inner join quantiles on quantiles.bucket = known.bucket;
    get diagnostics v_count = row_count;
    perform core.bucket_unfold(_fitted_on);
    return v_count;
end;
$$;

-- Makes the 180 days of a fit from its buckets, by the straight line between the middles of two,
-- before the first and after the last as they are; returns how many.
create or replace function core.bucket_unfold(_fitted_on date)
returns bigint
language sql
as $$
    delete from data.expectation_days where fitted_on = _fitted_on;

    with days as (
        select
            day,
            lower.weights || lower.spread || lower.quantiles as low,
            upper.weights || upper.spread || upper.quantiles as high,
            case when upper.middle > lower.middle
                then (day - lower.middle) / (upper.middle - lower.middle)
                else 0
            end as part
        from generate_series(1, 180) as day
        cross join lateral (
            select bucket.*
            from data.expectation_buckets as bucket
            where bucket.fitted_on = _fitted_on
            order by bucket.middle > day, abs(bucket.middle - day)
            limit 1
        ) as lower
        cross join lateral (
            select bucket.*
            from data.expectation_buckets as bucket
            where bucket.fitted_on = _fitted_on
            order by bucket.middle <= day, abs(bucket.middle - day)
            limit 1
        ) as upper
    ),
    mixed as (
        select
            days.day,
            array_agg(
                days.low[place] + days.part * (days.high[place] - days.low[place])
                order by place
            ) as numbers
        from days
        cross join generate_series(1, 34) as place
        group by days.day
    ),
    made as (
        insert into data.expectation_days (fitted_on, day, weights, spread, quantiles)
        select _fitted_on, day, numbers[1:10], numbers[11:13], numbers[14:34]
        from mixed
        returning 1
    )
    select count(*) from made;
$$;

-- Makes the quantiles of the lowest balance of 7, 30 and 90 days: of (lowest change - lowest p50) /
-- spread of the last day, over the windows that reach so far; returns how many.
create or replace function core.bucket_risks(_fitted_on date)
returns bigint
language sql
as $$
    with lines as materialized (
        select
            sample.user_id,
            sample.account_id,
            sample.cut_on,
            sample.day,
            sample.lowest,
            (
                select sum(sample.features[place] * known.weights[place])
                from generate_series(1, 10) as place
            ) as middle,
            exp(
                known.spread[1]
                + known.spread[2] * sample.spreads[1]
                + known.spread[3] * sample.spreads[2]
            ) as spread
        from data.expectation_samples as sample
        inner join data.expectation_days as known
            on known.fitted_on = sample.fitted_on and known.day = sample.day
        where sample.fitted_on = _fitted_on
          and sample.day <= 90
    ),
    windows as (
        select
            span.days,
            (
                min(lines.lowest) filter (where lines.day = span.days) - min(lines.middle)
            ) / max(lines.spread) filter (where lines.day = span.days) as shortfall
        from unnest('{7,30,90}'::integer[]) as span (days)
        inner join lines on lines.day <= span.days
        group by span.days, lines.user_id, lines.account_id, lines.cut_on
        having max(lines.day) = span.days
    ),
    made as (
        insert into data.expectation_risks (fitted_on, days, quantiles)
        select
            _fitted_on,
            days,
            percentile_cont(core.chance_points()) within group (order by shortfall)
        from windows
        group by days
        returning 1
    )
    select count(*) from made;
$$;
