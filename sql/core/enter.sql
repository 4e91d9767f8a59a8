-- The rows of a file become bookings: all that are new, in one statement, with their balances.

-- Books what is new and posts what was pending; returns how many were added. Bookings that the file
-- found get the bank's id and the mark of their row, so that they are found again. Locks bookings,
-- then accounts by key; rules of the owner run over what was added. Errors: PT422 with amount when
-- a balance would not fit.
create or replace function core.enter_run(_user_id bigint, _import_id bigint, _change_no bigint)
returns bigint
language plpgsql
set enable_nestloop = off
set jit = off
as $$
declare
    v_ids bigint[];
    v_least_id bigint;
    v_most_id bigint;
begin
    if (
        select (options ->> 'restore')::boolean
        from data.statement_imports
        where user_id = _user_id and id = _import_id
    ) then
        perform core.fresh_restore(_user_id, _import_id);
    end if;
    -- Their range first, so that the ledger is not read whole.
    select min(transaction_id), max(transaction_id) into v_least_id, v_most_id
    from data.staged_rows
    where user_id = _user_id
      and import_id = _import_id
      and transaction_id is not null
      and not is_dropped;

    with found as materialized (
        select
            staged.rule,
            staged.external_id as row_external_id,
            staged.import_hash as row_hash,
            staged.amount as row_amount,
            staged.transaction_date as row_date,
            staged.posted_at as row_posted_at,
            staged.is_match,
            booking.id,
            booking.account_id,
            booking.amount,
            booking.transaction_date,
            booking.posted_at,
            booking.external_id,
            booking.import_hash,
            booking.is_pending
        from data.staged_rows as staged
        inner join data.transactions as booking on booking.id = staged.transaction_id
        where staged.user_id = _user_id
          and staged.import_id = _import_id
          and not staged.is_dropped
          and booking.user_id = _user_id
          and booking.id between v_least_id and v_most_id
          and (
                staged.is_match
                or booking.import_hash is null
                or (booking.external_id is null and staged.external_id is not null)
            )
        order by booking.id
        for no key update of booking
    ),
    kept as (
        insert into data.statement_changes (
            user_id, import_id, transaction_id, rule, amount, transaction_date, posted_at,
            external_id, import_hash, is_pending
        )
        select
            _user_id, _import_id, id, rule, amount, transaction_date, posted_at, external_id,
            import_hash, is_pending
        from found
    ),
    edited as (
        update data.transactions as booking
        set version = booking.version + 1,
            change_no = _change_no,
            external_id = coalesce(found.external_id, found.row_external_id),
            import_hash = case
                when found.is_match then found.row_hash
                else coalesce(found.import_hash, found.row_hash)
            end,
            amount = case when found.is_match then found.row_amount else found.amount end,
            transaction_date = case
                when found.is_match then found.row_date
                else found.transaction_date
            end,
            posted_at = case
                when found.is_match then coalesce(found.row_posted_at, now())
                else found.posted_at
            end,
            is_pending = found.is_pending and not found.is_match,
            updated_at = now()
        from found
        where booking.user_id = _user_id
          and booking.id = found.id
    ),
    parts as (
        update data.transaction_splits as split
        set transaction_date = found.row_date
        from found
        where found.is_match
          and split.user_id = _user_id
          and split.transaction_id = found.id
    ),
    fresh as materialized (
        select * from core.fresh_rows(_user_id, _import_id)
    ),
    moves as (
        select leg.account_id, sum(leg.amount) as amount
        from (
            select account_id, row_amount - amount as amount from found where is_match
            union all
            select account_id, amount from fresh
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
    ),
    added as (
        insert into data.transactions (
            user_id, account_id, amount, transaction_date, posted_at, description, comment,
            subcategory_id, counterparty, external_id, is_pending, import_id, import_hash, change_no
        )
        select
            _user_id, account_id, amount, transaction_date,
            case when not is_pending then coalesce(posted_at, now()) end,
            description, comment, subcategory_id, counterparty, external_id, is_pending,
            _import_id, import_hash, _change_no
        from fresh
        order by transaction_date, row_no
        returning id
    )
    select array_agg(id) into v_ids from added;

    if v_ids is not null then
        perform core.ruleset_apply(_user_id, v_ids, _change_no);
    end if;
    return coalesce(cardinality(v_ids), 0);
end;
$$;
