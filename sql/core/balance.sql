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
