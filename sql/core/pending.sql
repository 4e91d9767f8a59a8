-- Pending bookings: what a bank has announced and not booked yet.

-- Posts a pending booking, with the amount and on the day that it was booked in the end, and
-- returns its key; null keeps what was announced. Errors: PT404 no such transaction, PT409 it is
-- not pending, or with amount when a transfer or its parts hold it, PT412 another version, PT422
-- with amount when it has the other sign or the balance would not fit.
create or replace function core.pending_post(
    _user_id bigint,
    _transaction_id bigint,
    _amount numeric default null,
    _transaction_date date default null,
    _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_booking record;
begin
    select is_pending, version, amount, account_id into v_booking
    from data.transactions
    where user_id = _user_id and id = _transaction_id
    for no key update;
    perform
        core.check_found('transaction', v_booking.version),
        core.version_check(v_booking.version, _if_match);
    if not v_booking.is_pending then
        raise exception 'This transaction is posted already' using errcode = 'PT409';
    end if;
    perform
        core.hold_check(_user_id, array[_transaction_id], _amount, null, null),
        core.check_rule(
            'amount',
            coalesce(_amount, 0) * v_booking.amount >= 0,
            'What was announced as money that leaves does not come in, nor the other way round'
        );
    update data.transactions
    set is_pending = false,
        posted_at = now(),
        amount = coalesce(_amount, amount),
        transaction_date = coalesce(_transaction_date, transaction_date),
        version = version + 1,
        change_no = v_change_no,
        updated_at = now()
    where user_id = _user_id
      and id = _transaction_id;
    perform core.split_follow(_user_id, array[_transaction_id]);
    if _amount <> v_booking.amount then
        update data.accounts
        set current_balance = core.balance_moved(current_balance, _amount - v_booking.amount),
            updated_at = now()
        where user_id = _user_id
          and id = v_booking.account_id;
    end if;
    return _transaction_id;
end;
$$;
