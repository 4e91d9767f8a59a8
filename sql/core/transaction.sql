-- The ledger: one booking at a time. Every write moves the balance of its account in the same
-- statement.
-- Lock order of all of them: the clock of the ledger, then bookings, then accounts by key, so that
-- two writes never wait for each other in a ring.

-- Books one transaction and returns its key. plpgsql for its kept plan: this is the hot write.
-- Errors: PT404 with account_id, subcategory_id or recurring_item_id, PT409 with external_id when
-- the account has it already, PT422 with amount when the balance would not fit.
create or replace function core.transaction_add(
    _user_id bigint,
    _account_id bigint,
    _amount numeric,
    _transaction_date date,
    _description text,
    _comment text default null,
    _subcategory_id bigint default null,
    _counterparty text default null,
    _external_id text default null,
    _is_pending boolean default false,
    _recurring_item_id bigint default null,
    _tags text[] default '{}'
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_id bigint;
begin
    perform core.ledger_check(_user_id, _subcategory_id, _recurring_item_id);
    with balanced as (
        update data.accounts
        set current_balance = core.balance_moved(current_balance, _amount),
            updated_at = now()
        where user_id = _user_id
          and id = _account_id
        returning user_id, id
    )
    insert into data.transactions (
        user_id, account_id, amount, transaction_date, posted_at, description, comment,
        subcategory_id, counterparty, external_id, is_pending, recurring_item_id, tags, change_no
    )
    select
        user_id, id, _amount, _transaction_date, case when not _is_pending then now() end,
        _description, _comment, _subcategory_id, _counterparty, _external_id, _is_pending,
        _recurring_item_id, coalesce(_tags, '{}'), v_change_no
    from balanced
    on conflict (user_id, account_id, external_id) where external_id is not null do nothing
    returning id into v_id;

    if v_id is null then
        perform core.account_check(_user_id, _account_id, 'account_id');
        raise exception 'This account has a booking with that external_id'
            using errcode = 'PT409', column = 'external_id';
    end if;
    return v_id;
end;
$$;

-- Merges what _patch names into a booking: absent keeps, null clears what may be empty. The
-- difference moves its account; another account takes the whole amount over. Returns the key.
-- Errors: PT404 no such transaction, account, subcategory or recurring item, PT409 with account_id
-- when that account has a booking with its external_id, or as core.hold_check, PT412 another
-- version, PT422 with the field.
create or replace function core.transaction_edit(
    _user_id bigint,
    _transaction_id bigint,
    _patch jsonb,
    _account_id bigint,
    _amount numeric,
    _transaction_date date,
    _description text,
    _comment text,
    _subcategory_id bigint,
    _counterparty text,
    _is_pending boolean,
    _recurring_item_id bigint,
    _if_match bigint default null,
    _tags text[] default null
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_id bigint;
begin
    perform
        core.check_kept(_patch, '{account_id,amount,transaction_date,description,is_pending}'),
        core.ledger_check(_user_id, _subcategory_id, _recurring_item_id),
        _account_id is null or core.account_check(_user_id, _account_id, 'account_id'),
        core.hold_check(
            _user_id, array[_transaction_id], _amount, _account_id, _subcategory_id
        );

    with earlier as materialized (
        select id, account_id, amount
        from data.transactions
        where user_id = _user_id
          and id = _transaction_id
        for no key update
    ),
    edited as (
        update data.transactions as booking
        set version = core.version_raised(booking.version, _if_match),
            account_id = coalesce(_account_id, booking.account_id),
            amount = coalesce(_amount, booking.amount),
            transaction_date = coalesce(_transaction_date, booking.transaction_date),
            description = coalesce(_description, booking.description),
            comment = case when _patch ? 'comment' then _comment else booking.comment end,
            subcategory_id = case
                when _patch ? 'subcategory_id' then _subcategory_id
                else booking.subcategory_id
            end,
            counterparty = case
                when _patch ? 'counterparty' then _counterparty
                else booking.counterparty
            end,
            is_pending = coalesce(_is_pending, booking.is_pending),
            posted_at = case
                when not coalesce(_is_pending, booking.is_pending)
                    then coalesce(booking.posted_at, now())
            end,
            recurring_item_id = case
                when _patch ? 'recurring_item_id' then _recurring_item_id
                else booking.recurring_item_id
            end,
            tags = case when _patch ? 'tags' then coalesce(_tags, '{}') else booking.tags end,
            change_no = v_change_no,
            updated_at = now()
        from earlier
        where booking.user_id = _user_id
          and booking.id = earlier.id
        returning booking.id, booking.account_id, booking.amount
    ),
    moves as (
        select leg.account_id, sum(leg.amount) as amount
        from (
            select account_id, -amount as amount from earlier
            union all
            select account_id, amount from edited
        ) as leg
        group by leg.account_id
        having sum(leg.amount) <> 0
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
        set current_balance = core.balance_moved(account.current_balance, locked.amount),
            updated_at = now()
        from locked
        where account.user_id = _user_id
          and account.id = locked.id
    )
    select id into v_id from edited;
    if _transaction_date is not null then
        perform core.split_follow(_user_id, array[_transaction_id]);
    end if;
    return core.check_found('transaction', v_id);
exception when unique_violation then
    raise exception 'That account has a booking with this external_id'
        using errcode = 'PT409', column = 'account_id';
end;
$$;

-- Drops a booking, gives its amount back to the account, and returns its key.
-- Errors: PT404 no such transaction, PT412 another version, PT422 with amount when the balance
-- would not fit.
create or replace function core.transaction_drop(
    _user_id bigint, _transaction_id bigint, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_version constant integer := (
        select version
        from data.transactions
        where user_id = _user_id
          and id = _transaction_id
    );
begin
    perform
        core.check_found('transaction', v_version),
        core.version_check(v_version, _if_match);
    perform core.removal_take(_user_id, array[_transaction_id], v_change_no);
    return _transaction_id;
end;
$$;
