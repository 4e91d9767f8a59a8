-- Calendars: which days are closed, and which business day lies before and after each of them.

-- The calendars behind _after_code, by code, with the first and last holiday that is known.
create or replace function core.calendar_rows(_after_code text, _limit integer)
returns table (code text, name text, first_holiday_on date, last_holiday_on date)
language sql stable parallel safe
as $$
    select
        calendar.code,
        calendar.name,
        (
            select min(holiday.on_day)
            from data.holidays as holiday
            where holiday.calendar = calendar.code
        ),
        (
            select max(holiday.on_day)
            from data.holidays as holiday
            where holiday.calendar = calendar.code
        )
    from data.holiday_calendars as calendar
    where calendar.code > _after_code
    order by calendar.code
    limit _limit;
$$;

-- Makes the closed days of a calendar between two days: Saturdays, Sundays and its holidays;
-- returns how many there are. Running it again after the holidays changed writes only what differs.
-- Gaps and islands: a closed day minus its rank is the same date for days that touch. Sixty days
-- are looked at on either side, so that a run of closed days over an end keeps its true neighbours.
create or replace function core.calendar_close(
    _calendar text, _from date default '1890-01-01', _to date default '2215-12-31'
)
returns bigint
language sql
as $$
    with closed as (
        select on_day::date as on_day
        from generate_series(
            (_from - 60)::timestamp, (_to + 60)::timestamp, interval '1 day'
        ) as on_day
        where extract(isodow from on_day) > 5
        union
        select on_day
        from data.holidays
        where calendar = _calendar
          and on_day between _from - 60 and _to + 60
    ),
    islands as (
        select on_day, on_day - row_number() over (order by on_day)::integer as island
        from closed
    ),
    days as (
        select
            on_day,
            min(on_day) over (partition by island) - 1 as previous_open_on,
            max(on_day) over (partition by island) + 1 as next_open_on
        from islands
    ),
    opened as (
        delete from data.closed_days as known
        where known.calendar = _calendar
          and known.on_day between _from and _to
          and not exists (select from days where days.on_day = known.on_day)
    ),
    written as (
        insert into data.closed_days as known (
            calendar, on_day, previous_open_on, next_open_on
        )
        select _calendar, on_day, previous_open_on, next_open_on
        from days
        where on_day between _from and _to
        on conflict (calendar, on_day) do update
        set previous_open_on = excluded.previous_open_on,
            next_open_on = excluded.next_open_on
        where (known.previous_open_on, known.next_open_on)
            <> (excluded.previous_open_on, excluded.next_open_on)
    )
    select count(*) from days where on_day between _from and _to;
$$;

-- Replaces the holidays of a calendar in whole years and closes its days; returns how many holidays
-- were taken. _days and _names are of one length, one holiday each.
create or replace function core.calendar_take(
    _calendar text, _name text, _first_year integer, _last_year integer, _days date[], _names text[]
)
returns bigint
language sql
as $$
    insert into data.holiday_calendars (code, name)
    values (_calendar, _name)
    on conflict (code) do update set name = excluded.name;

    with taken as (
        select holiday.on_day, string_agg(holiday.name, ', ' order by holiday.name) as name
        from unnest(_days, _names) as holiday (on_day, name)
        where holiday.on_day between make_date(_first_year, 1, 1) and make_date(_last_year, 12, 31)
        group by holiday.on_day
    ),
    dropped as (
        delete from data.holidays as known
        where known.calendar = _calendar
          and known.on_day between make_date(_first_year, 1, 1) and make_date(_last_year, 12, 31)
          and not exists (select from taken where taken.on_day = known.on_day)
    )
    insert into data.holidays as known (calendar, on_day, name)
    select _calendar, on_day, name
    from taken
    on conflict (calendar, on_day) do update
    set name = excluded.name
    where known.name <> excluded.name;

    select core.calendar_close(_calendar);

    select count(*)
    from data.holidays
    where calendar = _calendar
      and on_day between make_date(_first_year, 1, 1) and make_date(_last_year, 12, 31);
$$;
