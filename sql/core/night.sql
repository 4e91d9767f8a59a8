-- Nights: which day has ended where, and whose run of it is to be made.

-- Time zones that somebody lives in. One look at the index for each, not one for each user.
create or replace function core.night_zones()
returns setof text
language sql stable
as $$
    with recursive zones as (
        select min(timezone) as timezone
        from data.users
        union all
        select (
            select person.timezone
            from data.users as person
            where person.timezone > zones.timezone
            order by person.timezone
            limit 1
        )
        from zones
        where zones.timezone is not null
    )
    select timezone
    from zones
    where timezone is not null;
$$;

-- The nights that are due at a moment, by zone: as of the last day that has ended there, or as of
-- _as_of, where that is not still to come.
create or replace function core.night_due(_as_of date, _moment timestamptz)
returns table (timezone text, as_of date)
language sql stable
as $$
    select
        zone.timezone,
        coalesce(_as_of, (_moment at time zone zone.timezone)::date - 1)
    from core.night_zones() as zone (timezone)
    where _as_of is null
       or _as_of <= (_moment at time zone zone.timezone)::date;
$$;

-- The next users of a zone after a key, by key, who are active and have no run of that day; {} of
-- none. Active: not put away, an active account in their currency, and a booking in the 92 days up
-- to _as_of or an active recurring item.
create or replace function core.night_next(
    _timezone text, _as_of date, _after_user_id bigint, _limit integer
)
returns bigint[]
language sql stable
as $$
    select array(
        select person.id
        from data.users as person
        where person.timezone = _timezone
          and person.id > coalesce(_after_user_id, -9223372036854775808)
          and person.is_active
          and exists (
              select
              from data.accounts as account
              where account.user_id = person.id
                and account.is_active
                and account.currency = person.currency
          )
          and (
              exists (
                  select
                  from data.transactions as booking
                  where booking.user_id = person.id
                    and booking.transaction_date > _as_of - 92
                    and booking.transaction_date <= _as_of
              )
              or exists (
                  select
                  from data.recurring_items as item
                  where item.user_id = person.id
                    and item.is_active
              )
          )
          and not exists (
              select
              from data.forecast_runs as run
              where run.user_id = person.id
                and run.as_of = _as_of
          )
        order by person.id
        limit _limit
    );
$$;
