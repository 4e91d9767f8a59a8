-- Warnings of a low balance: one alert a dip, told again only when it has become worse.

-- Brings the alerts of dips of many users up to a day; returns how many are to be told, anew or
-- again. A dip within core.dip_reach() days of one that still stands is that one; one that stands
-- near no dip any more is over, and a later one is another.
create or replace function core.low_raise(_user_ids bigint[], _as_of date)
returns integer
language sql
as $$
    with dips as materialized (
        select
            dip.*,
            row_number() over () as number,
            jsonb_build_object(
                'reserve', dip.reserve_cents * 0.01,
                'balance', dip.opening_cents * 0.01,
                'lowest_on', dip.lowest_on,
                'lowest', dip.lowest_cents * 0.01,
                'lowest_p10', dip.p10_cents * 0.01,
                'width', dip.width_cents * 0.01,
                'basis', dip.basis
            ) as facts
        from core.dip_rows(_user_ids, _as_of) as dip
    ),
    standing as materialized (
        select alert.*
        from data.alerts as alert
        where alert.user_id = any (_user_ids)
          and alert.kind = 'low_balance'
          and alert.status <> 'ended'
    ),
    pairs as materialized (
        select
            standing.user_id,
            standing.id,
            dip.number,
            row_number() over (
                partition by standing.user_id, standing.id
                order by abs(dip.from_on - standing.on_day), dip.number
            ) as alert_place,
            row_number() over (
                partition by dip.number
                order by abs(dip.from_on - standing.on_day), standing.id
            ) as dip_place
        from standing
        inner join dips as dip
            on dip.user_id = standing.user_id
            and dip.from_on - core.dip_reach() <= standing.until_on
            and dip.to_on + core.dip_reach() >= standing.on_day
    ),
    steps as (
        select
            standing.user_id,
            standing.id,
            dip.number,
            dip.first_on is not null and core.dip_worse(
                standing.told_chance, standing.told_on_day, standing.told_amount,
                (standing.facts ->> 'told_width')::numeric,
                dip.chance, dip.first_on, dip.lowest_cents * 0.01
            ) as is_worse,
            dip.facts || jsonb_build_object(
                'told_width', standing.facts -> 'told_width'
            ) as facts
        from standing
        inner join pairs
            on pairs.user_id = standing.user_id
            and pairs.id = standing.id
            and pairs.alert_place = 1
            and pairs.dip_place = 1
        inner join dips as dip on dip.number = pairs.number
    ),
    kept as (
        update data.alerts as alert
        set on_day = coalesce(dip.first_on, dip.from_on),
            until_on = dip.to_on,
            amount = dip.lowest_cents * 0.01,
            shortfall = greatest(0, dip.reserve_cents - dip.lowest_cents) * 0.01,
            chance = dip.chance,
            facts = case
                when step.is_worse
                then dip.facts || jsonb_build_object('told_width', dip.width_cents * 0.01)
                else step.facts
            end,
            status = case when step.is_worse then 'open' else alert.status end,
            read_at = case when not step.is_worse then alert.read_at end,
            dismissed_at = case when not step.is_worse then alert.dismissed_at end,
            is_waiting = alert.is_waiting or step.is_worse,
            told_count = alert.told_count + step.is_worse::integer,
            told_on_day = case when step.is_worse then dip.first_on else alert.told_on_day end,
            told_chance = case when step.is_worse then dip.chance else alert.told_chance end,
            told_amount = case
                when step.is_worse then dip.lowest_cents * 0.01 else alert.told_amount
            end,
            updated_at = now()
        from steps as step
        inner join dips as dip on dip.number = step.number
        where alert.user_id = step.user_id
          and alert.id = step.id
        returning step.is_worse
    ),
    ended as (
        update data.alerts as alert
        set status = 'ended', is_waiting = false, updated_at = now()
        from standing
        where alert.user_id = standing.user_id
          and alert.id = standing.id
          and not exists (
              select from steps as step
              where step.user_id = standing.user_id and step.id = standing.id
          )
    ),
    added as (
        insert into data.alerts (
            user_id, kind, scope, subject, on_day, until_on, currency, amount, shortfall, chance,
            facts, told_on_day, told_amount, told_chance, raised_on
        )
        select
            dip.user_id,
            'low_balance',
            'dip',
            concat(dip.first_on, '/', _as_of),
            dip.first_on,
            dip.to_on,
            dip.currency,
            dip.lowest_cents * 0.01,
            greatest(0, dip.reserve_cents - dip.lowest_cents) * 0.01,
            dip.chance,
            dip.facts || jsonb_build_object('told_width', dip.width_cents * 0.01),
            dip.first_on,
            dip.lowest_cents * 0.01,
            dip.chance,
            _as_of
        from dips as dip
        where dip.first_on is not null
          and not exists (select from pairs where pairs.number = dip.number)
        on conflict (user_id, kind, subject) do nothing
        returning 1
    )
    select (
        (select count(*) from added) + (select count(*) from kept where kept.is_worse)
    )::integer;
$$;
