-- Chance: a distribution kept as 21 quantiles, and read back.

-- The chances that a list of quantiles is of: 1 %, 5 % to 95 % by fives, 99 %. p10 is the third,
-- p90 the nineteenth.
create or replace function core.chance_points()
returns double precision[]
language sql immutable parallel safe
as $$
    select (
        '{0.01,0.05,0.1,0.15,0.2,0.25,0.3,0.35,0.4,0.45,'
        '0.5,0.55,0.6,0.65,0.7,0.75,0.8,0.85,0.9,0.95,0.99}'
    )::double precision[];
$$;

-- The chance of a value below _value, 0 to 1, when _quantiles rise: between two of them by the
-- straight line; beyond the outer ones it falls off exponentially, as fast as it did just before,
-- so that of two unlikely values the farther one is always less likely. Written without a subquery,
-- and so inlined: a forecast asks it once a day, which took more than half of its time.
create or replace function core.chance_below(_value double precision, _quantiles double precision[])
returns double precision
language sql immutable parallel safe
as $$
    select case
        when _value < _quantiles[1] then 0.01 * exp(greatest(
            -50, (_value - _quantiles[1]) / greatest(_quantiles[3] - _quantiles[1], 1e-6)
        ))
        when _value >= _quantiles[21] then 1 - 0.01 * exp(greatest(
            -50, (_quantiles[21] - _value) / greatest(_quantiles[21] - _quantiles[19], 1e-6)
        ))
        else (core.chance_points())[width_bucket(_value, _quantiles)]
            + (
                (core.chance_points())[width_bucket(_value, _quantiles) + 1]
                - (core.chance_points())[width_bucket(_value, _quantiles)]
            )
            * (_value - _quantiles[width_bucket(_value, _quantiles)])
            / greatest(
                _quantiles[width_bucket(_value, _quantiles) + 1]
                - _quantiles[width_bucket(_value, _quantiles)],
                1e-9
            )
    end;
$$;
