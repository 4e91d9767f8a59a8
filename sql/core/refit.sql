-- The refit: weights, spreads and quantiles from the windows of the past, all accounts together.

-- The days of a window that a fit looks at, and the bucket that learns from each: close together
-- at first, as a balance moves most in its first days. Shape: a row a day, by day.
create or replace function core.refit_days()
returns table (day integer, bucket integer, middle double precision)
language sql immutable parallel safe rows 37
as $$
    select day, bucket, (first_day + last_day) / 2.0::double precision
    from (
        values
            (1, 1, 3, '{1,2,3}'::integer[]),
            (2, 4, 7, '{4,5,6,7}'),
            (3, 8, 15, '{8,10,12,15}'),
            (4, 16, 22, '{16,18,20,22}'),
            (5, 23, 30, '{23,25,28,30}'),
            (6, 31, 45, '{31,35,40,45}'),
            (7, 46, 60, '{46,50,55,60}'),
            (8, 61, 90, '{61,70,80,90}'),
            (9, 91, 135, '{91,105,120,135}'),
            (10, 136, 180, '{136,150,165,180}')
    ) as known (bucket, first_day, last_day, days)
    cross join lateral unnest(days) as day
    order by day;
$$;

-- Sums for the least absolute deviations of one fold, bucket by bucket: of weight x feature x
-- feature (upper triangle), of weight x feature x change, of feature squared. weight = 1 /
-- greatest(|change - _weights · features|, 0.05), 1 without _weights; changes are cut at 6 months
-- of income. _fold: 0 or 1 leaves those owners out, null none. Shape: a row a bucket.
-- plpgsql, because 75 sums are written by the statement that makes the statement.
create or replace function core.refit_sums(
    _fitted_on date, _fold integer, _weights double precision[]
)
returns table (
    bucket integer,
    upper double precision[],
    right_side double precision[],
    squares double precision[]
)
language plpgsql stable
as $$
declare
    v_upper constant text := (
        select string_agg(format('sum(w%s * f%s)', i, j), ', ' order by i, j)
        from generate_series(1, 10) as i
        cross join generate_series(1, 10) as j
        where j >= i
    );
    v_columns constant text[] := array(
        select string_agg(format(form.text, i, i, i), form.glue order by i)
        from generate_series(1, 10) as i
        cross join (
            values
                (1, 'sum(w%s * y)', ', '),
                (2, 'sum(f%s * f%s)', ', '),
                (3, 'w * f%s as w%s', ', '),
                (4, 'f%s', ', '),
                (5, 'sample.features[%s] as f%s', ', '),
                (6, '$3[bucket][%s] * f%s', ' + ')
        ) as form (place, text, glue)
        group by form.place
        order by form.place
    );
begin
    -- offset 0: each feature is taken out of its array once, and multiplied by its weight once.
    return query execute format(
        'select bucket, array[%s], array[%s], array[%s] from ('
        'select bucket, y, %s, %s from ('
        'select *, case when $3 is null then 1 else 1 / greatest(abs(y - (%s)), 0.05) end as w '
        'from ('
        'select known.bucket, least(greatest(sample.change, -6), 6) as y, %s '
        'from data.expectation_samples as sample '
        'inner join core.refit_days() as known on known.day = sample.day '
        'where sample.fitted_on = $1 '
        'and ($2 is null or abs(hashint8(sample.user_id)::bigint) %% 2 <> $2) offset 0'
        ') as row offset 0) as row offset 0) as row group by bucket',
        v_upper, v_columns[1], v_columns[2], v_columns[3], v_columns[4], v_columns[6], v_columns[5]
    ) using _fitted_on, _fold, _weights;
end;
$$;

-- The weights of one fold, [bucket][feature]: least absolute deviations by least squares with new
-- weights each round (iteratively reweighted least squares), ridge 0.001 on features of mean square
-- 1. Absolute, since the error of a forecast is told so, and one lottery win must not bend all
-- others' lines. _weights: where to begin, none for ordinary least squares; _rounds: how many.
-- plpgsql with a loop, because each round needs the weights of the one before.
create or replace function core.refit_weights(
    _fitted_on date, _fold integer, _weights double precision[], _rounds integer
)
returns double precision[]
language plpgsql stable
as $$
declare
    v_weights double precision[] := _weights;
begin
    for v_round in 1 .. _rounds loop
        v_weights := (
            select array_agg(
                core.solve_ridge(sums.upper, sums.right_side, sums.squares, 0.001)
                order by sums.bucket
            )
            from core.refit_sums(_fitted_on, _fold, v_weights) as sums
        );
    end loop;
    return v_weights;
end;
$$;

-- What is left of each sample when the other half of the owners says its p50: nobody is judged by
-- weights that know them. Shape: a row per sample, no order; residual in months of income.
create or replace function core.refit_residuals(
    _fitted_on date, _weights_0 double precision[], _weights_1 double precision[]
)
returns table (
    user_id bigint,
    account_id bigint,
    cut_on date,
    bucket integer,
    spreads double precision[],
    residual double precision
)
language sql stable
as $$
    select
        sample.user_id,
        sample.account_id,
        sample.cut_on,
        known.bucket,
        sample.spreads,
        sample.change - (
            select sum(feature * weight)
            from (
                select
                    sample.features[place] as feature,
                    case abs(hashint8(sample.user_id)::bigint) % 2
                        when 0 then _weights_0[known.bucket][place]
                        else _weights_1[known.bucket][place]
                    end as weight
                from generate_series(1, 10) as place
            ) as product
        )
    from data.expectation_samples as sample
    inner join core.refit_days() as known on known.day = sample.day
    where sample.fitted_on = _fitted_on;
$$;
