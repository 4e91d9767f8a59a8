-- The places of a rhythm: on which day it would have fallen, and the how-many-eth time that is.
-- A rhythm has a unit (week: _day is the ISO weekday; month: _day is the day of the month, 32 the
-- last one; half: _day and _second, twice a month) and a step of so many places.

-- The rhythms that are looked for, with the gaps in days that speak for each, how far off a booking
-- may be, and the words of core.recurring_add. Shape: one row a rhythm, the shortest first.
create or replace function core.slot_rhythms()
returns table (
    unit text,
    step integer,
    least_gap integer,
    most_gap integer,
    period_days integer,
    tolerance_days integer,
    frequency text,
    every_n integer
)
language sql immutable parallel safe rows 10
as $$
    values
        ('week', 1, 6, 8, 7, 1, 'weekly', 1),
        ('week', 2, 13, 15, 14, 2, 'biweekly', 1),
        ('half', 1, 13, 18, 15, 3, 'semimonthly', 1),
        ('week', 3, 20, 22, 21, 2, 'weekly', 3),
        ('week', 4, 28, 28, 28, 0, 'weekly', 4),
        ('month', 1, 27, 34, 30, 3, 'monthly', 1),
        ('month', 2, 57, 65, 61, 3, 'monthly', 2),
        ('month', 3, 87, 95, 91, 3, 'quarterly', 1),
        ('month', 6, 178, 187, 182, 3, 'monthly', 6),
        ('month', 12, 362, 369, 365, 3, 'yearly', 1);
$$;

-- The _day-th of the month that is nearest to _on; the month's last when it is shorter.
create or replace function core.slot_month(_on date, _day integer)
returns date
language sql immutable parallel safe
as $$
    select least(
        date_trunc('month', (_on + 15 - least(_day, 31))::timestamp)::date + _day - 1,
        (date_trunc('month', (_on + 15 - least(_day, 31))::timestamp)
            + interval '1 month')::date - 1
    );
$$;

-- The day by the rhythm that is nearest to _on.
create or replace function core.slot_near(_unit text, _on date, _day integer, _second integer)
returns date
language sql immutable parallel safe
as $$
    select case
        when _unit = 'week' then _on - (extract(isodow from _on)::integer - _day + 10) % 7 + 3
        when _unit = 'month'
            or abs(core.slot_month(_on, _day) - _on) <= abs(core.slot_month(_on, _second) - _on)
            then core.slot_month(_on, _day)
        else core.slot_month(_on, _second)
    end;
$$;

-- Which place a day by the rhythm has: weeks since 1900, months since the year 0, or halves of
-- months. The second half of a month begins behind _day.
create or replace function core.slot_place(_unit text, _nominal_on date, _day integer)
returns integer
language sql immutable parallel safe
as $$
    select case _unit
        when 'week' then (_nominal_on - date '1900-01-01') / 7
        else (
            (extract(year from _nominal_on) * 12 + extract(month from _nominal_on) - 1)::integer
            * case _unit when 'half' then 2 else 1 end
            + case
                when _unit = 'half' and extract(day from _nominal_on) > _day then 1
                else 0
            end
        )
    end;
$$;

-- The day of a place; the inverse of core.slot_place.
create or replace function core.slot_day(
    _unit text, _place integer, _day integer, _second integer
)
returns date
language sql immutable parallel safe
as $$
    select case _unit
        when 'week' then date '1900-01-01' + _place * 7 + _day - 1
        when 'month' then core.slot_month(
            make_date(_place / 12, _place % 12 + 1, 1) + least(_day, 28) - 1, _day
        )
        else core.slot_month(
            make_date(_place / 24, _place % 24 / 2 + 1, 1)
            + least(case _place % 2 when 0 then _day else _second end, 28) - 1,
            case _place % 2 when 0 then _day else _second end
        )
    end;
$$;

-- A day, or the business day that it rolls to: weekends alone, since a ledger does not say whose
-- holidays its bank keeps.
create or replace function core.slot_rolled(_on date, _roll text)
returns date
language sql immutable parallel safe
as $$
    select _on + case
        when _roll = 'next' and extract(isodow from _on) > 5
            then 8 - extract(isodow from _on)::integer
        when _roll = 'previous' then -greatest(extract(isodow from _on)::integer - 5, 0)
        else 0
    end;
$$;
