-- Accuracy: stored runs held against what happened.

-- The runs that can be judged with what was booked up to _to: 7 days old at least, without a fault,
-- in the user's currency, and each of their accounts still there.
create or replace function core.accuracy_runs(_user_id bigint, _to date)
returns setof data.forecast_runs
language sql stable parallel safe
as $$
    select run
    from data.forecast_runs as run
    where run.user_id = _user_id
      and run.as_of <= _to - 7
      and run.fault is null
      and run.currency = (select currency from data.users where id = _user_id)
      and run.account_ids <@ array(select id from data.accounts where user_id = _user_id);
$$;

-- How many runs the owner has, how many of them can be judged, and how many are too young for it.
create or replace function core.accuracy_counts(_user_id bigint, _to date)
returns table (currency text, runs bigint, judged bigint, too_young bigint)
language sql stable parallel safe
as $$
    select
        person.currency,
        count(run.as_of),
        (select count(*) from core.accuracy_runs(_user_id, _to)),
        count(run.as_of) filter (where run.as_of > _to - 7)
    from data.users as person
    left join data.forecast_runs as run on run.user_id = person.id and run.fault is null
    where person.id = _user_id
    group by person.id;
$$;

-- Each run that can be judged by each horizon that has passed since, by both; in cents, means over
-- the days of the horizon (beyond the 92nd a stored day stands for seven). error, flat_error and
-- plan_error are means of |path - what happened| of p50, of the opening balance and of the plan;
-- bias is the mean of p50 - what happened; coverage the share of days within p10 and p90; width
-- their mean distance; risk what was said, is_below whether a day ended below the reserve.
create or replace function core.accuracy_scores(_user_id bigint, _to date)
returns table (
    as_of date,
    horizon_days integer,
    error numeric,
    flat_error numeric,
    plan_error numeric,
    bias numeric,
    coverage numeric,
    width numeric,
    risk numeric,
    is_below boolean
)
language sql stable parallel safe
as $$
    with runs as materialized (
        select * from core.accuracy_runs(_user_id, _to)
    ),
    -- Mostly one set of accounts for all runs: what they held is added up once for each set. An
    -- array by day, because joining each day of each run would sort them all.
    happened as materialized (
        select
            kept.account_ids,
            kept.first_on,
            array(
                select balance.cents
                from core.past_balances(
                    _user_id, kept.account_ids, kept.first_on, _to
                ) as balance
                order by balance.on_day
            ) as cents
        from (
            select runs.account_ids, min(runs.as_of) as first_on
            from runs
            group by runs.account_ids
        ) as kept
    )
    select
        runs.as_of,
        horizon.days,
        sums.error::numeric / sums.weight,
        sums.flat_error::numeric / sums.weight,
        sums.plan_error::numeric / sums.weight,
        sums.bias::numeric / sums.weight,
        sums.covered::numeric / sums.weight,
        sums.width::numeric / sums.weight,
        case horizon.days
            when 7 then runs.risk_7
            when 30 then runs.risk_30
            when 90 then runs.risk_90
        end,
        sums.lowest_cents < runs.reserve_cents
    from runs
    inner join happened on happened.account_ids = runs.account_ids
    cross join lateral (
        select
            known.day,
            core.cents_sum(known.weight) over past as weight,
            core.cents_sum(known.weight * abs(known.p50 - known.cents)) over past as error,
            core.cents_sum(known.weight * abs(runs.opening_cents - known.cents)) over past
                as flat_error,
            core.cents_sum(known.weight * abs(known.plan - known.cents)) over past as plan_error,
            core.cents_sum(known.weight * (known.p50 - known.cents)) over past as bias,
            core.cents_sum(
                known.weight * (known.cents between known.p10 and known.p90)::integer
            ) over past as covered,
            core.cents_sum(known.weight * (known.p90 - known.p10)) over past as width,
            min(known.cents) over past as lowest_cents
        from (
            select
                place.day,
                case when place.day <= 92 then 1 else 7 end::bigint as weight,
                happened.cents[runs.as_of - happened.first_on + place.day + 1] as cents,
                path.plan,
                path.p10,
                path.p50,
                path.p90
            from unnest(
                runs.plan_cents, runs.p10_cents, runs.p50_cents, runs.p90_cents
            ) with ordinality as path (plan, p10, p50, p90, place)
            cross join lateral core.foretold_day(path.place::integer) as place (day)
            where runs.as_of + place.day <= _to
            offset 0
        ) as known
        window past as (order by known.day rows unbounded preceding)
    ) as sums
    inner join (
        -- The last day that is stored within each horizon.
        values (7, 7), (30, 30), (90, 90), (180, 176), (365, 365)
    ) as horizon (days, last_day) on horizon.last_day = sums.day
    where runs.as_of + horizon.days <= _to
      and runs.days >= horizon.days
    order by 1, 2;
$$;

-- The scores of all runs, one row for each horizon, known or not, by horizon; amounts in the user's
-- currency. stretches: in how many stretches of that many days the runs begin: runs of one
-- stretch saw much the same days, so it says how many trials there were. relative: error for each
-- 1 of flat_error; null where nothing moved.
create or replace function core.accuracy_rows(_user_id bigint, _to date)
returns table (
    horizon_days integer,
    runs bigint,
    stretches bigint,
    first_as_of date,
    last_as_of date,
    error numeric,
    flat_error numeric,
    plan_error numeric,
    relative_to_flat numeric,
    plan_relative_to_flat numeric,
    bias numeric,
    coverage numeric,
    width numeric,
    risk numeric,
    below_reserve numeric
)
language sql stable parallel safe
as $$
    select
        horizon.days,
        count(score.as_of),
        count(distinct (score.as_of - first.on_day) / horizon.days),
        min(score.as_of),
        max(score.as_of),
        round(avg(score.error) / 100, 2),
        round(avg(score.flat_error) / 100, 2),
        round(avg(score.plan_error) / 100, 2),
        round(sum(score.error) / nullif(sum(score.flat_error), 0), 3),
        round(sum(score.plan_error) / nullif(sum(score.flat_error), 0), 3),
        round(avg(score.bias) / 100, 2),
        round(avg(score.coverage), 3),
        round(avg(score.width) / 100, 2),
        round(avg(score.risk), 3),
        round(avg(score.is_below::integer) filter (where score.risk is not null), 3)
    from unnest('{7,30,90,180,365}'::integer[]) as horizon (days)
    cross join (
        select min(as_of) as on_day from data.forecast_runs where user_id = _user_id
    ) as first
    left join core.accuracy_scores(_user_id, _to) as score on score.horizon_days = horizon.days
    group by horizon.days
    order by horizon.days;
$$;
