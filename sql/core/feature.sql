-- Features: what a forecast weighs, made of a state, day by day. All in months of income, so that
-- accounts of every size share their weights.

-- The features of the days 1 to _days after _state.as_of, by day. With s = scale, B = balance,
-- H = least(day, 180), n = history_days:
-- 1 saw: what the series book up to the day, less their mean rate of 180 days (from the second
--   year on that of a year before)   2 trend: that rate x H   3 season: sum of _month_flows, each
--   spread over the days of its month   4 level: mean balance of that day of the month - B
-- 5, 6 mean balance of 90 and 180 days - B   7 the sixth x least(n / 365, 1): an older ledger has a
--   level to come back to   8 H / 180 x exp(-n / 120): a young one grows
-- 9, 10 pace and thrift x H / 30
-- Source: a pooled path regression after Berka's accounts; 7 to 10 were added for what 1 to 6 miss.
-- Shape: a row a day with ten numbers; none when scale is 0.
create or replace function core.feature_rows(
    _state data.expectation_states, _month_flows double precision[], _days integer
)
returns table (day integer, features double precision[])
language sql stable parallel safe
as $$
    select
        line.day,
        array[
            line.saw / line.scale,
            line.rate * line.trend_days / line.scale,
            line.season,
            (line.level - line.balance) / line.scale,
            line.mean_90 / line.scale,
            line.mean_180 / line.scale,
            line.mean_180 / line.scale * line.age,
            line.trend_days / 180.0 * line.youth,
            line.pace * line.trend_days / 30.0,
            line.thrift * line.trend_days / 30.0
        ]
    from (
        select
            due.day,
            least(due.day, 180) as trend_days,
            due.path - base.rate * due.place as saw,
            base.rate,
            sum(
                _month_flows[extract(month from due.on_day)::integer]
                / extract(day from (
                    date_trunc('month', due.on_day::timestamp) + interval '1 month - 1 day'
                ))::double precision
            ) over (order by due.day) as season,
            (_state).profile[extract(day from due.on_day)::integer] as level,
            (_state).balance,
            (_state).scale,
            (_state).mean_90,
            (_state).mean_180,
            (_state).pace,
            (_state).thrift,
            least((_state).history_days / 365.0, 1)::double precision as age,
            exp(-(_state).history_days / 120.0)::double precision as youth
        from (
            select coalesce(core.cents_sum(event.cents), 0)::double precision / 180 as rate
            from unnest((_state).due_days, (_state).due_cents) as event (day, cents)
            where event.day <= 180
        ) as base
        cross join lateral (
            select
                ahead.day,
                ahead.place,
                (_state).as_of + ahead.day as on_day,
                coalesce(paths.path, 0) as path
            from (
                select
                    place as day,
                    case when place <= 400 then place else (place - 1) % 365 + 1 end as place
                from generate_series(1, _days) as place
            ) as ahead
            left join (
                select
                    every.place,
                    (core.cents_sum(coalesce(events.cents, 0)) over (order by every.place))
                        ::double precision as path
                from generate_series(1, least(_days, 400)) as every (place)
                left join (
                    select event.day, core.cents_sum(event.cents) as cents
                    from unnest((_state).due_days, (_state).due_cents) as event (day, cents)
                    group by event.day
                ) as events on events.day = every.place
            ) as paths on paths.place = ahead.place
        ) as due
        where (_state).scale > 0
    ) as line
    order by line.day;
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
