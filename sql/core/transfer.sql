-- Transfers: two bookings of one amount that left one account of the owner and came into another.
-- Both carry the key of the leg that leaves as transfer_id, and are neither income nor spending.

-- True when both accounts are the owner's, differ and hold one currency. Errors: PT404 with
-- from_account_id or to_account_id, PT422 with to_account_id.
create or replace function core.transfer_check(_user_id bigint, _from_id bigint, _to_id bigint)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    perform
        core.account_check(_user_id, _from_id, 'from_account_id'),
        core.account_check(_user_id, _to_id, 'to_account_id');
    return core.check_rule(
            'to_account_id', _from_id <> _to_id, 'A transfer goes to another account'
        )
        and core.check_rule(
            'to_account_id',
            (
                select count(distinct currency) = 1
                from data.accounts
                where user_id = _user_id and id in (_from_id, _to_id)
            ),
            'Both accounts must have one currency: no rate is known here'
        );
end;
$$;

-- Books both legs of a transfer of a positive _amount and returns its key, that of the leg that
-- leaves. Errors: as core.transfer_check, PT422 with amount when a balance would not fit.
create or replace function core.transfer_add(
    _user_id bigint,
    _from_id bigint,
    _to_id bigint,
    _amount numeric,
    _transaction_date date,
    _description text,
    _comment text default null,
    _is_pending boolean default false
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_id constant bigint := nextval(pg_get_serial_sequence('data.transactions', 'id'));
begin
    perform
        core.check_range('amount', _amount, 0.01, 999999999999.99),
        core.transfer_check(_user_id, _from_id, _to_id);
    with legs (account_id, amount) as (
        values (_from_id, -_amount), (_to_id, _amount)
    ),
    locked as materialized (
        select account.id, legs.amount
        from data.accounts as account
        inner join legs on legs.account_id = account.id
        where account.user_id = _user_id
        order by account.id
        for no key update of account
    ),
    balanced as (
        update data.accounts as account
        set current_balance = core.balance_moved(account.current_balance, locked.amount),
            updated_at = now()
        from locked
        where account.user_id = _user_id
          and account.id = locked.id
        returning account.id, locked.amount
    )
    insert into data.transactions (
        user_id, id, account_id, amount, transaction_date, posted_at, description, comment,
        is_pending, transfer_id, change_no
    )
    select
        _user_id,
        case
            when amount < 0 then v_id
            else nextval(pg_get_serial_sequence('data.transactions', 'id'))
        end,
        id, amount, _transaction_date, case when not _is_pending then now() end, _description,
        _comment, _is_pending, v_id, v_change_no
    from balanced;
    return v_id;
end;
$$;

-- Makes one transfer of two bookings, however many days lie between them, and returns its key.
-- Errors: PT404 with leaving_id or arriving_id, PT409 with the leg that is part of a transfer or
-- split already, PT422 with arriving_id when amounts are not opposite or accounts do not fit.
create or replace function core.transfer_link(
    _user_id bigint, _leaving_id bigint, _arriving_id bigint
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_leaving record;
    v_arriving record;
begin
    select account_id, amount into v_leaving
    from data.transactions where user_id = _user_id and id = _leaving_id for no key update;
    perform core.check_known('leaving_id', 'transaction', found);
    select account_id, amount into v_arriving
    from data.transactions where user_id = _user_id and id = _arriving_id for no key update;
    perform core.check_known('arriving_id', 'transaction', found);
    perform
        core.check_rule('leaving_id', v_leaving.amount < 0, 'The leg that leaves is negative'),
        core.check_rule(
            'arriving_id', v_arriving.amount = -v_leaving.amount,
            'Both legs must have one amount, with opposite signs'
        ),
        core.transfer_free(_user_id, _leaving_id, 'leaving_id'),
        core.transfer_free(_user_id, _arriving_id, 'arriving_id');
    begin
        perform core.transfer_check(_user_id, v_leaving.account_id, v_arriving.account_id);
    exception when sqlstate 'PT422' then
        raise exception '%', sqlerrm using errcode = 'PT422', column = 'arriving_id';
    end;
    update data.transactions
    set transfer_id = _leaving_id,
        version = version + 1,
        change_no = v_change_no,
        updated_at = now()
    where user_id = _user_id
      and id in (_leaving_id, _arriving_id);
    return _leaving_id;
end;
$$;

-- True when a booking is no leg of a transfer and has no parts. Errors: PT409 with _field.
create or replace function core.transfer_free(
    _user_id bigint, _transaction_id bigint, _field text
)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    if exists (
        select from data.transactions
        where user_id = _user_id and id = _transaction_id and transfer_id is not null
    ) then
        raise exception 'This booking is a leg of a transfer: unlink that one first'
            using errcode = 'PT409', column = _field;
    end if;
    if exists (
        select from data.transaction_splits
        where user_id = _user_id and transaction_id = _transaction_id
    ) then
        raise exception 'This booking is split: a transfer has no parts'
            using errcode = 'PT409', column = _field;
    end if;
    return true;
end;
$$;

-- Takes the mark of a transfer off the other legs of bookings that go (their own is left as it
-- is), and returns how many legs that were. Call it with the number of the write.
create or replace function core.transfer_leave(
    _user_id bigint, _transaction_ids bigint[], _change_no bigint
)
returns bigint
language sql
as $$
    with left_behind as (
        update data.transactions as leg
        set transfer_id = null,
            version = leg.version + 1,
            change_no = _change_no,
            updated_at = now()
        where leg.user_id = _user_id
          and leg.transfer_id in (
              select transfer_id from data.transactions
              where user_id = _user_id and id = any (_transaction_ids)
          )
          and leg.id <> all (_transaction_ids)
        returning 1
    )
    select count(*) from left_behind;
$$;
