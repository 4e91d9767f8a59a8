-- Curves: what will probably become of one balance, day by day: the middle, the band around it and
-- the chance of ending below the reserve.

-- The expectation of one state. _closing: the plan's balance at the end of the days 1 to _days, or
-- more, after _state.as_of, in cents; _extra: what of it no habit of the ledger shows, summed up to
-- the day; _reserve: cents.
-- With trust = 0 below 14 days of history, 1 from 120 days on, straight between:
-- p50 = trust x (balance + scale x sum of weights x features + extra) + (1 - trust) x plan;
-- spread = scale x exp(g0 + g1 x measure 1 + g2 x measure 2) x (2 - trust), and for each month of
-- the year that no ledger behind the fit has seen a quarter of scale more;
-- p10 and p90 = p50 + spread x the fit's quantiles. below: chance of a balance under _reserve;
-- risk_7, risk_30, risk_90: chance that the lowest of so many days is (null beyond _days).
-- basis: history (trust 1), pooled, plan (trust 0: no habits are known). Without a scale the band
-- is as wide as a quarter of the balance or the plan's largest move of a month would make it; with
-- a spread below a cent, on an empty account without a plan, a chance is 0 or 1.
-- Shape: one row; arrays of _days.
-- A day of the fit is taken apart once, not once for each day it stands for; hence the offsets.
create or replace function core.curve_row(
    _state data.expectation_states,
    _fit data.expectation_fits,
    _days integer,
    _closing bigint[],
    _extra bigint[],
    _reserve bigint
)
returns table (
    basis text,
    p10_cents bigint[],
    p50_cents bigint[],
    p90_cents bigint[],
    below real[],
    risk_7 real,
    risk_30 real,
    risk_90 real
)
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
declare
    v_trust constant double precision := case
        when _state.scale > 0 then least(greatest((_state.history_days - 14) / 106.0, 0), 1)
        else 0
    end;
    v_scale double precision := _state.scale;
    v_measures double precision[];
    v_unseen bigint[]; -- By day, how many so far were of an unseen month; null when none can be.
begin
    if v_scale <= 0 then
        select greatest(abs(_state.balance) / 4, max(abs(line.cents - _state.balance)))
        into v_scale
        from unnest(_closing[:31]) as line (cents);
    end if;
    v_measures := core.feature_spread(v_scale, _state.sway, _state.swing, v_trust);
    if 0 = any (_fit.month_counts) then
        select array_agg(strange.day_count order by strange.day) into v_unseen
        from (
            select
                ahead.day,
                count(*) filter (where _fit.month_counts[ahead.month] = 0) over (
                    order by ahead.day rows unbounded preceding
                ) as day_count
            from core.feature_days(_state.as_of, _days) as ahead
        ) as strange;
    end if;
    return query
    with spans as (
        select
            known.day,
            case when v_trust < 1 then (1 - v_trust) * _closing[known.day] else 0 end
            + case when v_trust > 0 then v_trust * (
                _state.balance + _extra[known.day] + v_scale * (
                    weight.saw * known.saw
                    + weight.trend * known.trend
                    + weight.season * known.season
                    + weight.level * known.level
                    + weight.mean_90 * known.mean_90
                    + weight.mean_180 * known.mean_180
                    + weight.aged * known.aged
                    + weight.youth * known.youth
                    + weight.pace * known.pace
                    + weight.thrift * known.thrift
                )
            ) else 0 end as p50,
            v_scale * (2 - v_trust) * (
                weight.spread
                + coalesce(v_unseen[known.day], 0) / 120::double precision
            ) as spread,
            weight.quantiles
        from (
            select
                line.day, line.saw, line.trend, line.season, line.level, line.mean_90,
                line.mean_180, line.aged, line.youth, line.pace, line.thrift
            from core.feature_rows(_state, _fit.month_flows, _days) as line
            where v_trust > 0

            union all

            select ahead.day, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
            from generate_series(1, _days) as ahead (day)
            where v_trust = 0
        ) as known
        inner join (
            select
                day.day,
                day.weights[1] as saw,
                day.weights[2] as trend,
                day.weights[3] as season,
                day.weights[4] as level,
                day.weights[5] as mean_90,
                day.weights[6] as mean_180,
                day.weights[7] as aged,
                day.weights[8] as youth,
                day.weights[9] as pace,
                day.weights[10] as thrift,
                exp(
                    day.spread[1] + day.spread[2] * v_measures[1] + day.spread[3] * v_measures[2]
                ) as spread,
                day.quantiles
            from data.expectation_days as day
            where day.fitted_on = _fit.fitted_on
              and day.day <= _days
            offset 0
        ) as weight on weight.day = least(known.day, 180)
        offset 0
    ),
    lines as materialized (
        select
            spans.day,
            spans.p50,
            spans.spread,
            spans.p50 + spans.spread * least(spans.quantiles[3], 0) as p10,
            spans.p50 + spans.spread * greatest(spans.quantiles[19], 0) as p90,
            case when spans.spread >= 1
                then core.chance_below((_reserve - spans.p50) / spans.spread, spans.quantiles)
                else (spans.p50 < _reserve)::integer
            end as below
        from spans
    ),
    risks as (
        select
            risk.days,
            greatest(
                case when span.spread >= 1 then core.chance_below(
                    (_reserve - span.lowest) / span.spread, risk.quantiles
                ) end,
                span.below
            ) as chance
        from data.expectation_risks as risk
        cross join lateral (
            select
                min(lines.p50) as lowest,
                max(lines.spread) filter (where lines.day = risk.days) as spread,
                max(lines.below) as below
            from lines
            where lines.day <= risk.days
        ) as span
        where risk.fitted_on = _fit.fitted_on
          and risk.days <= _days
    ),
    risen as (
        select days, max(chance) over (order by days) as chance from risks
    )
    select
        case v_trust when 1 then 'history' when 0 then 'plan' else 'pooled' end,
        array_agg(lines.p10::bigint order by lines.day),
        array_agg(lines.p50::bigint order by lines.day),
        array_agg(lines.p90::bigint order by lines.day),
        array_agg(lines.below::real order by lines.day),
        (select chance::real from risen where days = 7),
        (select chance::real from risen where days = 30),
        (select chance::real from risen where days = 90)
    from lines;
end;
$$;
