-- Bookings that leave the ledger, whoever drops them.

-- Takes bookings out of the ledger for a write that has ticked its clock: a row says that each was
-- dropped, every account has its money back, and the other leg of a transfer stays as a booking of
-- its own. Returns how many there were.
-- Errors: PT422 with amount when a balance would not fit.
create or replace function core.removal_take(
    _user_id bigint, _transaction_ids bigint[], _change_no bigint
)
returns bigint
language plpgsql
as $$
declare
    v_count bigint;
begin
    perform core.transfer_leave(_user_id, _transaction_ids, _change_no);
    with dropped as (
        delete from data.transactions
        where user_id = _user_id
          and id = any (_transaction_ids)
        returning
            id, account_id, amount, transaction_date, description, counterparty, external_id,
            import_hash
    ),
    kept as (
        insert into data.dropped_transactions (
            user_id, id, change_no, account_id, amount, transaction_date, description,
            counterparty, external_id, import_hash
        )
        select
            _user_id, id, _change_no, account_id, amount, transaction_date, description,
            counterparty, external_id, import_hash
        from dropped
    ),
    moves as (
        select account_id, sum(amount) as amount
        from dropped
        group by account_id
    ),
    locked as materialized (
        select account.id, moves.amount
        from data.accounts as account
        inner join moves on moves.account_id = account.id
        where account.user_id = _user_id
        order by account.id
        for no key update of account
    ),
    balanced as (
        update data.accounts as account
        set current_balance = core.balance_moved(account.current_balance, -locked.amount),
            updated_at = now()
        from locked
        where account.user_id = _user_id
          and account.id = locked.id
    )
    select count(*) into v_count from dropped;
    return v_count;
end;
$$;
