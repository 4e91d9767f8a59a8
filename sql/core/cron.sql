-- When is the next time? Five fields of cron: minute, hour, day, month, weekday (0 and 7: Sunday).
-- A field is *, a number, a range a-b, any of them with a step /n, or a list of these. Day and
-- weekday that both say more than * mean either of them, as croniter has it (cron itself takes */2
-- for a star).

-- The numbers that a field names, ascending. Errors: PT422 with cron.
create or replace function core.cron_values(_field text, _least integer, _most integer)
returns integer[]
language plpgsql immutable parallel safe
as $$
declare
    v_part text;
    v_words text[];
    v_first integer;
    v_last integer;
    v_values integer[] := '{}';
begin
    -- A loop, because each part of a list has bounds of its own.
    foreach v_part in array string_to_array(_field, ',') loop
        v_words := regexp_match(v_part, '^(?:(\*)|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?$');
        if v_words[1] is null then
            v_first := v_words[2];
            v_last := coalesce(
                v_words[3]::integer, case when v_words[4] is null then v_first else _most end
            );
        else
            v_first := _least;
            v_last := _most;
        end if;
        if v_words is null or v_first < _least or v_last > _most or v_first > v_last
            or v_words[4]::integer < 1
        then
            raise exception 'cron: "%" is not a number, range or step from % to %',
                v_part, _least, _most
                using errcode = 'PT422', column = 'cron';
        end if;
        v_values := v_values || array(
            select generate_series(v_first, v_last, coalesce(v_words[4]::integer, 1))
        );
    end loop;
    return array(select distinct value from unnest(v_values) as value order by value);
end;
$$;

-- The times of a schedule on the days from _first_on to _last_on of its zone, ascending. A time
-- that the clock skips in spring comes as much later as the clock was put forward; one that it
-- repeats in autumn comes once, at its second sight, or both times when the hour is *.
create or replace function core.cron_moments(
    _cron text, _timezone text, _first_on date, _last_on date
)
returns setof timestamptz
language plpgsql stable
as $$
declare
    v_fields constant text[] := string_to_array(_cron, ' ');
    v_minutes constant integer[] := core.cron_values(v_fields[1], 0, 59);
    v_hours constant integer[] := core.cron_values(v_fields[2], 0, 23);
    v_days constant integer[] := core.cron_values(v_fields[3], 1, 31);
    v_months constant integer[] := core.cron_values(v_fields[4], 1, 12);
    v_weekdays constant integer[] := core.cron_values(v_fields[5], 0, 7);
    v_is_either constant boolean := v_fields[3] <> '*' and v_fields[5] <> '*';
begin
    return query
    with days as (
        select _first_on + day_no as on_day
        from generate_series(0, _last_on - _first_on) as day_no
        where extract(month from _first_on + day_no) = any (v_months)
    ),
    picked as (
        select days.on_day
        from days
        cross join lateral (
            select
                extract(day from days.on_day) = any (v_days) as is_day,
                extract(dow from days.on_day) = any (v_weekdays)
                or extract(isodow from days.on_day) = any (v_weekdays) as is_weekday
        ) as fit
        where case when v_is_either then fit.is_day or fit.is_weekday
              else fit.is_day and fit.is_weekday end
    ),
    moments as (
        select
            picked.on_day + make_interval(hours => hour_no, mins => minute_no) as local_time,
            (picked.on_day + make_interval(hours => hour_no, mins => minute_no))
                at time zone _timezone as moment
        from picked
        cross join unnest(v_hours) as hour_no
        cross join unnest(v_minutes) as minute_no
    )
    select moment from moments
    union
    select moment - interval '1 hour'
    from moments
    where left(v_fields[2], 1) = '*'
      and (moment - interval '1 hour') at time zone _timezone = local_time
    order by 1;
end;
$$;

-- The first time of a schedule after _after. Errors: PT422 with cron when it cannot be read or when
-- no day of eight years fits it (two leap days may be so far apart), PT422 with timezone.
create or replace function core.cron_next(_cron text, _timezone text, _after timestamptz)
returns timestamptz
language plpgsql stable
as $$
declare
    v_today date;
    v_next_at timestamptz;
    v_reach integer;
begin
    perform core.timezone_check(_timezone);
    perform core.check_rule(
        'cron', _cron ~ '^\S+( \S+){4}$', 'be five fields: minute hour day month weekday'
    );
    v_today := (_after at time zone _timezone)::date;
    -- A loop, because nearly always two days say it and seldom eight years are needed.
    foreach v_reach in array array[1, 40, 2923] loop
        select min(moment) into v_next_at
        from core.cron_moments(_cron, _timezone, v_today, v_today + v_reach) as moment
        where moment > _after;
        if v_next_at is not null then
            return v_next_at;
        end if;
    end loop;
    raise exception 'cron: no day fits it' using errcode = 'PT422', column = 'cron';
end;
$$;

-- The last time of a schedule from _from up to _until; _from when there is none.
create or replace function core.cron_last(
    _cron text, _timezone text, _from timestamptz, _until timestamptz
)
returns timestamptz
language plpgsql stable
as $$
declare
    v_today constant date := (_until at time zone _timezone)::date;
    v_last_at timestamptz;
    v_reach integer;
begin
    -- A loop, because nearly always two days say it.
    foreach v_reach in array array[1, 40, 2923] loop
        select max(moment) into v_last_at
        from core.cron_moments(_cron, _timezone, v_today - v_reach, v_today) as moment
        where moment <= _until;
        if v_last_at is not null or _from > _until - make_interval(days => v_reach) then
            return coalesce(greatest(v_last_at, _from), _from);
        end if;
    end loop;
    return _from;
end;
$$;
