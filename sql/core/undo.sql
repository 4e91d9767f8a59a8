-- Taking a file back: what it added goes, what it changed is as before, unless somebody touched it.

-- Undoes a booked import. Returns how many bookings went, how many were put back as they were, and
-- which were kept, because they were edited, split, noted or made a leg since. What goes leaves a
-- mark for phones (data.dropped_transactions), but may come again with its file. A preview is put
-- away. Errors: PT404 no such import, PT409 it is neither, PT422 with amount when a balance would
-- not fit.
create or replace function core.undo_run(
    _user_id bigint,
    _import_id bigint,
    _change_no bigint,
    out dropped_count bigint,
    out restored_count bigint,
    out kept_ids bigint[]
)
language plpgsql
set enable_nestloop = off
set jit = off
as $$
declare
    v_import record;
    v_ids bigint[];
begin
    select status, change_no into v_import
    from data.statement_imports
    where user_id = _user_id
      and id = _import_id
    for no key update;
    perform core.check_found('import', found or null);
    if v_import.status not in ('booked', 'previewed') then
        raise exception 'Only a booked import can be undone, and this one is %', v_import.status
            using errcode = 'PT409';
    end if;
    delete from data.staged_rows where user_id = _user_id and import_id = _import_id;

    select
        array_agg(booking.id) filter (where booking.is_untouched),
        array_agg(booking.id) filter (where not booking.is_untouched)
    into v_ids, kept_ids
    from (
        select
            own.id,
            own.change_no = v_import.change_no
            and not exists (
                select
                from data.transaction_notes as note
                where note.user_id = _user_id and note.transaction_id = own.id
            ) as is_untouched
        from data.transactions as own
        where own.user_id = _user_id
          and own.import_id = _import_id
        order by own.id
        for no key update
    ) as booking;
    dropped_count := 0;
    if v_ids is not null then
        dropped_count := core.removal_take(_user_id, v_ids, _change_no);
        update data.dropped_transactions
        set is_undone = true
        where user_id = _user_id
          and id = any (v_ids);
    end if;
    -- What it restored is dropped as before.
    update data.dropped_transactions
    set is_undone = false
    where user_id = _user_id
      and id in (
          select transaction_id
          from data.statement_changes
          where user_id = _user_id
            and import_id = _import_id
            and rule = 'restored'
      );

    with changed as materialized (
        select
            booking.id, booking.account_id, booking.amount as amount_now,
            -- A rule may have made it a leg in the import's own write: then it keeps its amount.
            booking.change_no = v_import.change_no
            and (booking.transfer_id is null or booking.amount = before.amount) as is_untouched,
            before.amount, before.transaction_date, before.posted_at, before.external_id,
            before.import_hash, before.is_pending
        from data.statement_changes as before
        inner join data.transactions as booking
            on booking.user_id = _user_id and booking.id = before.transaction_id
        where before.user_id = _user_id
          and before.import_id = _import_id
        order by booking.id
        for no key update of booking
    ),
    restored as (
        update data.transactions as booking
        set version = booking.version + 1,
            change_no = _change_no,
            amount = changed.amount,
            transaction_date = changed.transaction_date,
            posted_at = changed.posted_at,
            external_id = changed.external_id,
            import_hash = changed.import_hash,
            is_pending = changed.is_pending,
            updated_at = now()
        from changed
        where changed.is_untouched
          and booking.user_id = _user_id
          and booking.id = changed.id
        returning booking.id
    ),
    parts as (
        update data.transaction_splits as split
        set transaction_date = changed.transaction_date
        from changed
        where changed.is_untouched
          and split.user_id = _user_id
          and split.transaction_id = changed.id
    ),
    moves as (
        select account_id, sum(amount - amount_now) as amount
        from changed
        where is_untouched
        group by account_id
        having sum(amount - amount_now) <> 0
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
    select
        (select count(*) from restored),
        coalesce(kept_ids, '{}') || array(
            select id from changed where not is_untouched order by id
        )
    into restored_count, kept_ids;

    update data.statement_imports
    set status = 'undone', updated_at = now()
    where user_id = _user_id
      and id = _import_id;
end;
$$;
