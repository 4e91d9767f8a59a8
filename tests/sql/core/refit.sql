select plan(9);

select is(
    (select array_agg(distinct bucket order by bucket) from core.refit_days()),
    '{1,2,3,4,5,6,7,8,9,10}'::integer[], 'ten buckets'
);
select is(
    (select row(min(day), max(day), count(*) = count(distinct day))::text from core.refit_days()),
    '(1,180,t)', 'of days from tomorrow to half a year, each in one of them'
);

-- Forty owners, a window each: change = 0.8 x the first feature - 0.3 x the second.
insert into data.users (id) select -number from generate_series(1, 40) as number;
create temporary table truths as
select
    -number as user_id,
    array[
        (hashint4(number)::bigint % 1000) / 1000.0, (hashint4(-number)::bigint % 1000) / 1000.0,
        0, 0, 0, 0, 0, 0, 0, 0
    ]::double precision[] as features
from generate_series(1, 40) as number;
insert into data.expectation_samples (
    user_id, account_id, fitted_on, cut_on, day, features, spreads, change, lowest
)
select
    user_id, 1, '2026-01-01', '2025-06-01', day, features, '{0,0}',
    0.8 * features[1] - 0.3 * features[2], 0
from truths
cross join core.refit_days();

create function pg_temp.weights(_fold integer, _rounds integer default 7)
returns numeric[] language sql as $$
    select array(
        select trim_scale(round(
            (core.refit_weights('2026-01-01', _fold, null, _rounds))[5][place]::numeric, 2
        ))
        from generate_series(1, 10) as place
        order by place
    );
$$;
select is(
    pg_temp.weights(null), '{0.8,-0.3,0,0,0,0,0,0,0,0}'::numeric[],
    'the weights that made the changes are found, and a feature that is always 0 has none'
);
update data.expectation_samples set change = change + 6 where user_id in (-3, -17);
select is(
    (pg_temp.weights(null))[1:2], '{0.8,-0.3}'::numeric[],
    'two owners who won in a lottery bend nobody else''s line'
);
select isnt(
    (pg_temp.weights(null, 1))[1:2], '{0.8,-0.3}'::numeric[], 'by squares they would'
);
select is(
    core.refit_weights('2026-01-01', null, core.refit_weights('2026-01-01', null, null, 2), 3),
    core.refit_weights('2026-01-01', null, null, 5), 'rounds go on from given weights'
);

-- One half of the owners has other weights.
update data.expectation_samples
set change = case abs(hashint8(user_id)::bigint) % 2 when 0 then features[1] else -features[1] end;
select is(
    array[(pg_temp.weights(0))[1], (pg_temp.weights(1))[1]], '{-1,1}'::numeric[],
    'a fold leaves its own owners out'
);
create function pg_temp.all_of(_weight double precision)
returns double precision[] language sql as $$
    select array_agg(array[_weight, 0, 0, 0, 0, 0, 0, 0, 0, 0]) from generate_series(1, 10);
$$;
select is(
    (
        select array_agg(distinct round(residual::numeric, 9))
        from core.refit_residuals('2026-01-01', pg_temp.all_of(1), pg_temp.all_of(-1))
    ),
    '{0}'::numeric[], 'an owner is judged by the weights of the half that left them out'
);
select is(
    (
        select sums.upper[1]::numeric(9, 6)
        from core.refit_sums('2026-01-01', null, null) as sums
        where sums.bucket = 1
    ),
    (select 3 * sum(features[1] * features[1]) from truths)::numeric(9, 6),
    'sums of a bucket are over its three days'
);

select * from finish();
