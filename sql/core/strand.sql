-- Strands: bookings of an owner that may belong together, before anybody looks at their days.

-- The words of a description: no digits, no signs, no names of months, so that what a bank writes
-- anew every time ("Rent 03/2026 ref 8812", "Rent April 2026") comes out the same.
create or replace function core.strand_words(_text text)
returns text
language sql immutable parallel safe
as $$
    select btrim(regexp_replace(
        lower(_text),
        '([^[:alpha:]]|\m(january|february|march|april|may|june|july|august|september|october'
        '|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)\M)+',
        ' ',
        'g'
    ));
$$;

-- The bookings that detection looks at, each with who it is about: the 20,000 newest of the last
-- 1,100 days (three years), none after _as_of. Identity, within account and direction (1 in, -1
-- out): the counterparty; without one the words of the description, when at least three bookings
-- share them; else category and amount. Of a transfer only the leg that leaves is here.
-- Shape: one row per booking, no order; is_payee says that the identity is a counterparty.
create or replace function core.strand_bookings(_user_id bigint, _as_of date)
returns table (
    id bigint,
    account_id bigint,
    direction integer,
    identity text,
    is_payee boolean,
    words text,
    on_day date,
    cents bigint
)
language sql stable parallel safe
as $$
    with bookings as materialized (
        select
            booking.id,
            booking.account_id,
            sign(booking.amount)::integer as direction,
            nullif(lower(btrim(booking.counterparty)), '') as payee,
            core.strand_words(booking.description) as words,
            booking.subcategory_id,
            booking.transaction_date as on_day,
            (booking.amount * 100)::bigint as cents
        from data.transactions as booking
        where booking.user_id = _user_id
          and booking.transaction_date <= _as_of
          and booking.transaction_date > _as_of - 1100
          and booking.amount <> 0
          and (booking.transfer_id is null or booking.amount < 0)
        order by booking.transaction_date desc, booking.id desc
        limit 20000
    )
    select
        id,
        account_id,
        direction,
        case
            when payee is not null then 'payee ' || payee
            when words <> '' and count(*) over (
                partition by account_id, direction, payee is null, words
            ) >= 3 then 'words ' || words
            else 'level ' || coalesce(subcategory_id::text, '') || ' ' || cents
        end,
        payee is not null,
        words,
        on_day,
        cents
    from bookings;
$$;

-- The strands that an identity may fall into. Three ways to part it: whole (way 1), by the amount
-- to the cent (way 2: two standing orders to one payee), by the day of the month (way 3: days that
-- lie within three of each other go together). A way that parts nothing is left out. Only the 60
-- newest bookings of a strand come back: a year of weeks.
-- Shape: one row per strand and booking; newest is 1 for the newest of its strand, booking_count
-- counts all of it, identity_count all of the identity, gap_days is the way back to the one before.
-- plpgsql, and so not inlined: a kept plan would take any ledger for a short one and join by loops.
create or replace function core.strand_rows(_user_id bigint, _as_of date)
returns table (
    strand text,
    account_id bigint,
    direction integer,
    identity text,
    is_payee boolean,
    way integer,
    level text,
    words text,
    id bigint,
    on_day date,
    cents bigint,
    newest bigint,
    gap_days integer,
    booking_count bigint,
    identity_count bigint
)
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
begin
    return query
    with bookings as materialized (
        select
            booking.*,
            concat_ws(' ', account_id, direction, identity) collate "C" as owner_key,
            extract(day from booking.on_day)::integer as month_day
        from core.strand_bookings(_user_id, _as_of) as booking
    ),
    identities as (
        select
            owner_key,
            count(*) as identity_count,
            min(cents) <> max(cents) as is_uneven
        from bookings
        group by owner_key
    ),
    days as (
        select owner_key, month_day
        from bookings
        group by owner_key, month_day
    ),
    islands as (
        select
            owner_key,
            month_day,
            count(*) filter (where is_start) over (
                partition by owner_key order by month_day
            ) as island
        from (
            select
                owner_key,
                month_day,
                month_day - lag(month_day) over (
                    partition by owner_key order by month_day
                ) > 3 as is_start
            from days
        ) as neighbours
    ),
    parted as (
        select booking.*, 1 as way, '' as level, known.identity_count
        from bookings as booking
        inner join identities as known on known.owner_key = booking.owner_key

        union all

        select booking.*, 2, booking.cents::text, known.identity_count
        from bookings as booking
        inner join identities as known
            on known.owner_key = booking.owner_key and known.is_uneven

        union all

        select booking.*, 3, 'day ' || island.island, known.identity_count
        from bookings as booking
        inner join identities as known
            on known.owner_key = booking.owner_key and known.identity_count >= 6
        inner join islands as island
            on island.owner_key = booking.owner_key and island.month_day = booking.month_day
        where exists (
            select from islands as other
            where other.owner_key = booking.owner_key and other.island > 0
        )
    ),
    numbered as (
        select
            parted.*,
            concat_ws('|', owner_key, way, level) collate "C" as strand,
            row_number() over along as oldest,
            count(*) over whole as booking_count,
            parted.on_day - lag(parted.on_day) over along as gap_days
        from parted
        window
            along as (partition by owner_key, way, level order by on_day, id),
            whole as (partition by owner_key, way, level)
    )
    select
        strand,
        account_id,
        direction,
        identity,
        is_payee,
        way,
        level,
        words,
        id,
        on_day,
        cents,
        booking_count - oldest + 1,
        gap_days,
        booking_count,
        identity_count
    from numbered
    where oldest > booking_count - 60
      and (booking_count > 1 or (way = 1 and is_payee));
end;
$$;
