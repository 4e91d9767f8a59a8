-- Features: what a forecast weighs, made of a state, day by day. All in months of income, so that
-- accounts of every size share their weights.

-- The features of the days 1 to _days after _state.as_of, by day, in the order that weights are
-- kept in. With s = scale, B = balance, H = least(day, 180), n = history_days:
-- saw: what the series book up to the day, less their mean rate of 180 days (from the second year
--   on that of a year before), / s; trend: that rate x H / s
-- season: sum of _month_flows, each spread over the days of its month
-- level: (mean balance of that day of the month - B) / s; mean_90, mean_180: mean balance of so
--   many days - B, / s; aged: mean_180 x least(n / 365, 1): an older ledger has a level to come
--   back to; youth: H / 180 x exp(-n / 120): a young one grows
-- pace, thrift: those of the state x H / 30
-- Source: a pooled path regression after Berka's accounts; the last four were added for what the
-- others miss. Floats all along: a numeric among them took half of the time.
-- Shape: a row a day; none when scale is 0.
create or replace function core.feature_rows(
    _state data.expectation_states, _month_flows double precision[], _days integer
)
returns table (
    day integer,
    saw double precision,
    trend double precision,
    season double precision,
    level double precision,
    mean_90 double precision,
    mean_180 double precision,
    aged double precision,
    youth double precision,
    pace double precision,
    thrift double precision
)
language sql stable parallel safe
as $$
    select
        line.day,
        line.saw / line.scale,
        line.rate * line.trend_days / line.scale,
        line.season,
        (line.level - line.balance) / line.scale,
        line.mean_90 / line.scale,
        line.mean_180 / line.scale,
        line.mean_180 / line.scale * line.age,
        line.trend_days * line.youth / 180,
        line.pace * line.trend_days / 30,
        line.thrift * line.trend_days / 30
    from (
        select
            due.day,
            least(due.day, 180) as trend_days,
            case when due.day <= 400 then due.path - base.rate * due.day
                else before.path - base.rate * before.day
            end as saw,
            base.rate,
            due.season,
            (_state).profile[due.month_day] as level,
            (_state).balance,
            nullif((_state).scale, 0) as scale,
            (_state).mean_90,
            (_state).mean_180,
            (_state).pace,
            (_state).thrift,
            least((_state).history_days / 365::double precision, 1) as age,
            exp(-(_state).history_days / 120::double precision) as youth
        from (
            select coalesce(core.cents_sum(event.cents), 0)::double precision / 180 as rate
            from unnest((_state).due_days, (_state).due_cents) as event (day, cents)
            where event.day <= 180
        ) as base
        cross join (
            select
                ahead.day,
                ahead.month_day,
                (core.cents_sum(event.cents) over along)::double precision as path,
                sum(_month_flows[ahead.month] / ahead.month_days::double precision) over along
                    as season
            from core.feature_days((_state).as_of, _days) as ahead
            left join (
                select event.day, core.cents_sum(event.cents) as cents
                from unnest((_state).due_days, (_state).due_cents) as event (day, cents)
                group by event.day
            ) as event on event.day = ahead.day
            window along as (order by ahead.day rows unbounded preceding)
        ) as due
        left join (
            select
                year.day,
                (core.cents_sum(event.cents) over (
                    order by year.day rows unbounded preceding
                ))::double precision as path
            from generate_series(1, 365) as year (day)
            left join (
                select event.day, core.cents_sum(event.cents) as cents
                from unnest((_state).due_days, (_state).due_cents) as event (day, cents)
                group by event.day
            ) as event on event.day = year.day
            where _days > 400
        ) as before on before.day = (due.day - 1) % 365 + 1 and due.day > 400
        where (_state).scale > 0
    ) as line
    order by line.day;
$$;

-- The days 1 to _days after _as_of, with the month (1 to 12), the day in it and how many it has: a
-- row a day, no order. Made of whole months, because to take each date apart costs more.
create or replace function core.feature_days(_as_of date, _days integer)
returns table (day integer, month integer, month_day integer, month_days integer)
language sql stable parallel safe
as $$
    select ahead.day, month.number, ahead.day - month.before, month.day_count
    from (
        select
            known.month_index % 12 + 1 as number,
            known.first_on - _as_of - 1 as before,
            known.day_count
        from data.months as known
        where known.first_on > _as_of - 31
          and known.first_on <= _as_of + _days
    ) as month
    cross join lateral generate_series(
        greatest(month.before + 1, 1), least(month.before + month.day_count, _days)
    ) as ahead (day);
$$;

-- The two measures that a spread is made of: ln(sway / scale + 0.05), ln(swing / scale + 0.05).
-- _trust (0 to 1) is how far a ledger's own measures are believed; the rest is 0.7, what they are
-- in the middle of all accounts.
create or replace function core.feature_spread(
    _scale double precision,
    _sway double precision,
    _swing double precision,
    _trust double precision
)
returns double precision[]
language sql immutable parallel safe
as $$
    select array[
        ln(_trust * coalesce(_sway / nullif(_scale, 0), 0) + (1 - _trust) * 0.7 + 0.05),
        ln(_trust * coalesce(_swing / nullif(_scale, 0), 0) + (1 - _trust) * 0.7 + 0.05)
    ];
$$;
