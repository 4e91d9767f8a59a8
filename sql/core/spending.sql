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
-- bookings that have no subcategory: split ones have none.
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
