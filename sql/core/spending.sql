-- Spending: what money was for. Legs are what every sum over a ledger is made of.

-- What was booked from _from to _to, both days included, without transfers: a booking that is split
-- into parts stands here as its parts, each under its own subcategory; any other one as itself.
-- Amounts have their sign, pending ones are in. So the legs of a range add up to its bookings less
-- transfers, whatever they are grouped by, and no leg is a correction of another.
-- Who asks decides what the sign means: "spent" is minus the sum of amounts below zero, "received"
-- the sum of those above; the net of a subcategory takes refunds off what was spent in it.
-- Amounts of accounts in different currencies are never added up: account_id leads to the currency.
-- Shape: one row a leg, no order. Inlined where it is called with plain arguments, so that what is
-- asked of the rows reaches the covering index; the parts of one owner are looked at once, for the
-- bookings that have no subcategory: split ones have none. Not for joining many owners to it, whose
-- parts would be looked at once a booking: mart.user_spending_summary is made of the same legs.
create or replace function core.spending_legs(_user_id bigint, _from date, _to date)
returns table (
    on_day date,
    account_id bigint,
    subcategory_id bigint,
    counterparty text,
    amount numeric,
    transaction_id bigint
)
language sql stable parallel safe
as $$
    select
        booking.transaction_date as on_day,
        booking.account_id,
        booking.subcategory_id,
        booking.counterparty,
        booking.amount,
        booking.id as transaction_id
    from data.transactions as booking
    where booking.user_id = _user_id
      and booking.transaction_date between _from and _to
      and booking.transfer_id is null
      and (
          booking.subcategory_id is not null
          or booking.id not in (
              select part.transaction_id
              from data.transaction_splits as part
              where part.user_id = _user_id
                and part.transaction_date between _from and _to
          )
      )

    union all

    select
        booking.transaction_date,
        booking.account_id,
        part.subcategory_id,
        booking.counterparty,
        part.amount,
        booking.id
    from data.transaction_splits as part
    inner join data.transactions as booking
        on booking.user_id = _user_id
        and booking.transaction_date = part.transaction_date
        and booking.id = part.transaction_id
    where part.user_id = _user_id
      and part.transaction_date between _from and _to
      and booking.transaction_date between _from and _to  -- said twice: a hash join reads no more
      and booking.transfer_id is null;
$$;

-- One row, the range that is asked for: from and to, both included, the equal one before it, and
-- the currency. No to: the owner's today, or _as_of; no from: the first of its month. Whole months
-- are compared with as many months, other ranges with as many days. No row for an unknown user.
-- Errors: PT422 with from when it lies behind to, with to when that are more than ten years.
create or replace function core.spending_range(
    _user_id bigint, _from date, _to date, _currency text, _as_of date
)
returns table (
    from_on date,
    to_on date,
    earlier_on date,
    is_whole boolean,
    currency text
)
language sql stable
as $$
    with persons as (
        select
            coalesce(_to, _as_of, (now() at time zone person.timezone)::date) as to_on,
            coalesce(_currency, person.currency) as currency
        from data.users as person
        where person.id = _user_id
    ),
    ranges as (
        select
            coalesce(_from, core.spending_month(persons.to_on)) as from_on,
            persons.to_on,
            persons.currency
        from persons
    )
    select
        ranges.from_on,
        ranges.to_on,
        case
            when whole.is_whole then (ranges.from_on - whole.months * interval '1 month')::date
            else ranges.from_on - (ranges.to_on - ranges.from_on + 1)
        end,
        whole.is_whole,
        ranges.currency
    from ranges
    cross join lateral (
        select
            extract(day from ranges.from_on) = 1 and extract(day from ranges.to_on + 1) = 1,
            (12 * extract(year from age(ranges.to_on + 1, ranges.from_on))
                + extract(month from age(ranges.to_on + 1, ranges.from_on)))::integer
    ) as whole (is_whole, months)
    where core.check_rule('from', ranges.from_on <= ranges.to_on, 'from is not after to')
      and core.check_rule(
          'to', ranges.to_on - ranges.from_on < 3660, 'a range is at most 3660 days long'
      );
$$;

-- First day of the month of a day. The cast is what keeps the session's time zone out of it:
-- date_trunc of a date alone would go by way of a timestamp with time zone.
create or replace function core.spending_month(_on_day date)
returns date
language sql immutable parallel safe
as $$
    select date_trunc('month', _on_day::timestamp)::date;
$$;

-- By how many per cent an amount is larger than it was, in size; null where one of them is zero or
-- they have different signs: there is no such number then.
create or replace function core.spending_percent(_amount numeric, _earlier numeric)
returns numeric
language sql immutable parallel safe
as $$
    select case
        when sign(_amount) * sign(_earlier) > 0
        then round(100 * (_amount / _earlier - 1), 1)
    end;
$$;

-- One row, the two months as ranges: that of _month (none: of the owner's today, or _as_of), and
-- that of _with (none: the one before). _same_days cuts a first month that is not over at that day,
-- and the other one after as many days.
create or replace function core.spending_months(
    _user_id bigint,
    _month date,
    _with date,
    _same_days boolean,
    _currency text,
    _as_of date
)
returns table (from_on date, to_on date, with_on date, with_to date, currency text)
language sql stable
as $$
    with months as (
        select
            range.currency,
            range.to_on as today,
            core.spending_month(coalesce(_month, range.to_on)) as from_on,
            core.spending_month(
                coalesce(
                    _with,
                    (core.spending_month(coalesce(_month, range.to_on)) - interval '1 day')::date
                )
            ) as with_on
        from core.spending_range(_user_id, null, null, _currency, _as_of) as range
    ),
    ends as (
        select
            *,
            (from_on + interval '1 month')::date - 1 as end_on,
            (with_on + interval '1 month')::date - 1 as with_end_on
        from months
    ),
    cuts as (
        select *, _same_days and today between from_on and end_on as is_cut
        from ends
    )
    select
        from_on,
        case when is_cut then today else end_on end,
        with_on,
        case when is_cut then least(with_on + (today - from_on), with_end_on) else with_end_on end,
        currency
    from cuts;
$$;
