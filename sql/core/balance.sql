-- The balance of an account: always its opening balance plus the sum of its bookings.

-- True when numeric(14, 2), the type of every balance, can hold it.
create or replace function core.balance_fits(_balance numeric)
returns boolean
language sql immutable parallel safe
as $$
    select abs(_balance) < 1000000000000;
$$;

-- _balance + _change. Errors: PT422 with _field when numeric(14, 2) cannot hold it.
create or replace function core.balance_moved(
    _balance numeric, _change numeric, _field text default 'amount'
)
returns numeric
language plpgsql immutable parallel safe
as $$
begin
    if not core.balance_fits(_balance + _change) then
        raise exception 'The balance of the account would pass 999999999999.99'
            using errcode = 'PT422', column = _field;
    end if;
    return _balance + _change;
end;
$$;

-- Accounts whose balance is not their opening balance plus the sum of their bookings: none, ever.
-- A null _user_id looks at every user (the DBA's question; reads the whole ledger).
create or replace function core.balance_faults(_user_id bigint default null)
returns table (user_id bigint, account_id bigint, current_balance numeric, true_balance numeric)
language sql stable parallel safe
as $$
    with booked as (
        select user_id, account_id, sum(amount) as amount
        from data.transactions
        where _user_id is null or user_id = _user_id
        group by user_id, account_id
    )
    select
        account.user_id,
        account.id,
        account.current_balance,
        account.opening_balance + coalesce(booked.amount, 0)
    from data.accounts as account
    left join booked on booked.user_id = account.user_id and booked.account_id = account.id
    where (_user_id is null or account.user_id = _user_id)
      and account.current_balance <> account.opening_balance + coalesce(booked.amount, 0);
$$;
call core.cross_owner(
    'core.balance_faults(bigint)', 'the DBA asks whether any balance of any owner is wrong'
);

-- Every account of one owner with what its bookings add up to, by key. difference: what the kept
-- balance has too much, 0 on every account, ever. pending is part of booked.
create or replace function core.balance_rows(_user_id bigint)
returns table (
    account_id bigint,
    name text,
    currency text,
    opening_balance numeric,
    booked numeric,
    pending numeric,
    current_balance numeric,
    difference numeric,
    transaction_count bigint
)
language sql stable parallel safe
as $$
    with sums as (
        select
            account_id,
            sum(amount) as booked,
            sum(amount) filter (where is_pending) as pending,
            count(*) as booking_count
        from data.transactions
        where user_id = _user_id
        group by account_id
    )
    select
        account.id,
        account.name,
        account.currency,
        account.opening_balance,
        coalesce(sums.booked, 0.00),
        coalesce(sums.pending, 0.00),
        account.current_balance,
        account.current_balance - account.opening_balance - coalesce(sums.booked, 0),
        coalesce(sums.booking_count, 0)
    from data.accounts as account
    left join sums on sums.account_id = account.id
    where account.user_id = _user_id
    order by account.id;
$$;

-- What does not add up in one ledger besides balances, as sentences by booking; none, ever: parts
-- whose sum is not the amount of their booking or that lie on another day, transfers without two
-- opposite legs.
create or replace function core.balance_oddities(_user_id bigint)
returns table (transaction_id bigint, fault text)
language sql stable parallel safe
as $$
    select part.transaction_id, 'The parts do not add up to the transaction'
    from data.transaction_splits as part
    inner join data.transactions as booking
        on booking.user_id = part.user_id and booking.id = part.transaction_id
    where part.user_id = _user_id
    group by part.transaction_id, booking.amount, booking.transaction_date, booking.subcategory_id
    having sum(part.amount) <> booking.amount
        or min(part.transaction_date) <> booking.transaction_date
        or max(part.transaction_date) <> booking.transaction_date
        or booking.subcategory_id is not null
    union all
    select transfer_id, 'The transfer has no two opposite legs'
    from data.transactions
    where user_id = _user_id
      and transfer_id is not null
    group by transfer_id
    having count(*) <> 2
        or sum(amount) <> 0
        or min(account_id) = max(account_id)
        or bool_or(id = transfer_id and amount < 0) is not true
    order by 1;
$$;
