-- Habits: what the series of an owner will book, by account and day.

-- Every due day of the next 400 of every series that is more likely than not to come again
-- (confidence of 0.6 at least). A transfer between two accounts of the owner is seen on the account
-- that it leaves (core.series_rows); its other leg is added here, and is_internal says of both that
-- they lie on covered accounts, so that the owner's money stays where it is. Shape: one row per
-- account, series and day, no order; day counts from _as_of, cents are signed.
create or replace function core.habit_rows(_user_id bigint, _as_of date)
returns table (account_id bigint, day integer, cents bigint, is_internal boolean)
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
begin
    return query
    with series as materialized (
        select
            seen.account_id,
            seen.unit,
            seen.step,
            seen.day,
            seen.second,
            seen.roll,
            seen.last_place,
            (seen.amount * 100)::bigint as cents,
            seen.transaction_ids[cardinality(seen.transaction_ids)] as newest_id
        from core.series_rows(_user_id, _as_of) as seen
        where seen.confidence >= 0.6
    ),
    covered as (
        select held.id
        from data.users as person
        inner join data.accounts as held
            on held.user_id = person.id and held.is_active and held.currency = person.currency
        where person.id = _user_id
    ),
    arrivals as materialized (
        select
            departure.id as newest_id,
            arrival.account_id,
            departure.account_id in (select id from covered)
                and arrival.account_id in (select id from covered) as is_internal
        from data.transactions as departure
        inner join data.transactions as arrival
            on arrival.user_id = _user_id
            and arrival.transfer_id = departure.transfer_id
            and arrival.id <> departure.id
        where departure.user_id = _user_id
          and departure.transfer_id is not null
          and departure.id in (select newest_id from series)
    ),
    legs as (
        select
            series.*,
            series.account_id as leg_account_id,
            series.cents as leg_cents,
            coalesce(arrivals.is_internal, false) as is_internal
        from series
        left join arrivals on arrivals.newest_id = series.newest_id

        union all

        select series.*, arrivals.account_id, -series.cents, arrivals.is_internal
        from series
        inner join arrivals on arrivals.newest_id = series.newest_id
    )
    select
        legs.leg_account_id,
        due.on_day - _as_of,
        legs.leg_cents,
        legs.is_internal
    from legs
    cross join lateral (
        select core.slot_rolled(
            core.slot_day(
                legs.unit, legs.last_place + legs.step * ahead, legs.day, legs.second
            ),
            legs.roll
        ) as on_day
        from generate_series(
            1,
            520 / (legs.step * case legs.unit when 'week' then 7 when 'half' then 15 else 30 end)
                + 4
        ) as ahead
        offset 0
    ) as due
    where due.on_day > _as_of
      and due.on_day <= _as_of + 400;
end;
$$;
