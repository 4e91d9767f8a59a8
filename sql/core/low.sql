-- Warnings of a low balance: one alert a dip, told again only when it has become worse.

-- Brings the alerts of dips of many users up to a day; returns how many are to be told, anew or
-- again. A dip within core.dip_reach() days of one that still stands belongs to the nearest such
-- alert; an alert that no dip belongs to is over, and a later dip is another one. Looking twice
-- changes nothing: dips of one night are farther apart than that.
create or replace function core.low_raise(_user_ids bigint[], _as_of date)
returns integer
language sql
as $$
    with standing as materialized (
        select
            alert.user_id, alert.id, alert.told_chance, alert.told_on_day, alert.told_amount,
            (alert.facts ->> 'told_width')::numeric as told_width,
            (alert.facts ->> 'from_on')::date as from_on,
            alert.until_on
        from data.alerts as alert
        where alert.user_id = any (_user_ids)
          and alert.kind = 'low_balance'
          and alert.status <> 'ended'
    ),
    dips as materialized (
        select dip.*, home.id as alert_id
        from core.dip_rows(_user_ids, _as_of) as dip
        left join lateral (
            select standing.id
            from standing
            where standing.user_id = dip.user_id
              and dip.from_on - core.dip_reach() <= standing.until_on
              and dip.to_on + core.dip_reach() >= standing.from_on
            order by abs(dip.from_on - standing.from_on), standing.id
            limit 1
        ) as home on true
    ),
    lows as materialized (
        select
            dip.user_id,
            dip.alert_id,
            coalesce(min(dip.first_on), min(dip.from_on)) as on_day,
            min(dip.first_on) as first_on,
            max(dip.to_on) as until_on,
            max(dip.chance) as chance,
            min(dip.lowest_cents) * 0.01 as amount,
            greatest(0, min(dip.reserve_cents) - min(dip.lowest_cents)) * 0.01 as shortfall,
            min(dip.currency) as currency,
            min(dip.width_cents) * 0.01 as width,
            jsonb_build_object(
                'reserve', min(dip.reserve_cents) * 0.01,
                'balance', min(dip.opening_cents) * 0.01,
                'from_on', min(dip.from_on),
                'lowest_on', (array_agg(dip.lowest_on order by dip.lowest_cents, dip.from_on))[1],
                'lowest_p10', min(dip.p10_cents) * 0.01,
                'basis', min(dip.basis)
            ) as facts
        from dips as dip
        group by dip.user_id, dip.alert_id, case when dip.alert_id is null then dip.from_on end
    ),
    steps as materialized (
        select
            low.*,
            standing.told_width,
            low.first_on is not null and core.dip_worse(
                standing.told_chance, standing.told_on_day, standing.told_amount,
                standing.told_width, low.chance, low.first_on, low.amount
            ) as is_worse
        from lows as low
        inner join standing
            on standing.user_id = low.user_id and standing.id = low.alert_id
    ),
    kept as (
        update data.alerts as alert
        set on_day = step.on_day,
            until_on = step.until_on,
            amount = step.amount,
            shortfall = step.shortfall,
            chance = step.chance,
            facts = step.facts || jsonb_build_object(
                'told_width', case when step.is_worse then step.width else step.told_width end
            ),
            status = case when step.is_worse then 'open' else alert.status end,
            read_at = case when not step.is_worse then alert.read_at end,
            dismissed_at = case when not step.is_worse then alert.dismissed_at end,
            is_waiting = alert.is_waiting or step.is_worse,
            told_count = alert.told_count + step.is_worse::integer,
            told_on_day = case when step.is_worse then step.first_on else alert.told_on_day end,
            told_chance = case when step.is_worse then step.chance else alert.told_chance end,
            told_amount = case when step.is_worse then step.amount else alert.told_amount end,
            updated_at = now()
        from steps as step
        where alert.user_id = step.user_id
          and alert.id = step.alert_id
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
              where step.user_id = standing.user_id and step.alert_id = standing.id
          )
    ),
    added as (
        insert into data.alerts (
            user_id, kind, scope, subject, on_day, until_on, currency, amount, shortfall, chance,
            facts, told_on_day, told_amount, told_chance, raised_on
        )
        select
            low.user_id, 'low_balance', 'dip', concat(low.first_on, '/', _as_of), low.first_on,
            low.until_on, low.currency, low.amount, low.shortfall, low.chance,
            low.facts || jsonb_build_object('told_width', low.width), low.first_on, low.amount,
            low.chance, _as_of
        from lows as low
        where low.alert_id is null
          and low.first_on is not null
        on conflict (user_id, kind, subject) do nothing
        returning 1
    )
    select (
        (select count(*) from added) + (select count(*) from kept where kept.is_worse)
    )::integer;
$$;
