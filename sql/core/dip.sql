-- Dips: stretches of days on which the balance is likely to lie below the reserve. What one is,
-- when it is the same as last night's and when it has become worse: docs/alerts.md, decision 126.

-- Days that two low stretches may lie apart and be one dip: a week, the shortest rhythm of pay.
create or replace function core.dip_reach()
returns integer
language sql immutable parallel safe
as $$
    select 7;
$$;

-- The dips ahead of many users, from the expectation of all their covered accounts together. A day
-- is low when its chance to end below the reserve is at least low_chance; a dip that began to be
-- told lasts while the chance is two thirds of that, so that it does not come and go with the
-- noise of a night. Low days at most core.dip_reach() apart are one dip.
-- Shape: one row per dip, by user and day. first_on: its first low day, null when no day is. Cents;
-- lowest: the least likely balance (p50) of the dip, on lowest_on; p10 and width (p90 - p10) of
-- that day.
create or replace function core.dip_rows(_user_ids bigint[], _as_of date)
returns table (
    user_id bigint,
    from_on date,
    to_on date,
    first_on date,
    chance numeric,
    lowest_on date,
    lowest_cents bigint,
    p10_cents bigint,
    width_cents bigint,
    reserve_cents bigint,
    opening_cents bigint,
    currency text,
    basis text
)
language sql stable
as $$
    with wanted as materialized (
        select own.user_id, own.low_chance, own.low_days
        from core.threshold_rows(_user_ids) as own
        where own.has_low_balance
          -- Who has no account yet has no balance that could be low.
          and exists (
              select from data.accounts as account
              where account.user_id = own.user_id and account.is_active
          )
    ),
    days as (
        select
            outlook.user_id,
            outlook.reserve_cents,
            outlook.opening_cents,
            outlook.currency,
            outlook.basis,
            wanted.low_chance,
            _as_of + day.number::integer as on_day,
            risk.chance,
            day.p10_cents,
            day.p50_cents,
            day.p90_cents
        from core.expectation_arrays(
            array(select wanted.user_id from wanted),
            _as_of,
            coalesce((select max(wanted.low_days) from wanted), 1)
        ) as outlook
        inner join wanted on wanted.user_id = outlook.user_id
        -- Before there is a fit, the plan is all that is known.
        cross join lateral unnest(
            outlook.below,
            coalesce(outlook.p10_cents, outlook.plan_cents),
            coalesce(outlook.p50_cents, outlook.plan_cents),
            coalesce(outlook.p90_cents, outlook.plan_cents)
        ) with ordinality as day (below, p10_cents, p50_cents, p90_cents, number)
        cross join lateral (
            select coalesce(
                day.below::numeric, (day.p50_cents < outlook.reserve_cents)::integer
            ) as chance
        ) as risk
        where outlook.account_id is null
          and day.number <= wanted.low_days
    ),
    lows as (
        select
            *,
            on_day - lag(on_day) over (partition by user_id order by on_day)
                > core.dip_reach() as is_apart
        from days
        where chance >= low_chance * 2 / 3
    ),
    islands as (
        select
            *,
            count(*) filter (where is_apart) over (partition by user_id order by on_day) as island
        from lows
    )
    select
        user_id,
        min(on_day),
        max(on_day),
        min(on_day) filter (where chance >= low_chance),
        round(max(chance), 3),
        (array_agg(on_day order by p50_cents, on_day))[1],
        min(p50_cents),
        (array_agg(p10_cents order by p50_cents, on_day))[1],
        (array_agg(p90_cents - p10_cents order by p50_cents, on_day))[1],
        min(reserve_cents),
        min(opening_cents),
        min(currency),
        min(basis)
    from islands
    group by user_id, island
    order by user_id, min(on_day);
$$;

-- Whether a dip is worse than it was told, by a step that somebody would act on: the chance is up
-- by 0.15, or the first low day is earlier by five days, or the lowest likely balance is down by a
-- quarter of the width that the band had (and by a tenth of what it was, for a band of no width).
create or replace function core.dip_worse(
    _told_chance numeric,
    _told_on date,
    _told_amount numeric,
    _told_width numeric,
    _chance numeric,
    _on date,
    _amount numeric
)
returns boolean
language sql immutable parallel safe
as $$
    select _chance >= _told_chance + 0.15
        or _on <= _told_on - 5
        or _amount < _told_amount - greatest(_told_width / 4, abs(_told_amount) / 10);
$$;
