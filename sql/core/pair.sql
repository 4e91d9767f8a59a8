-- Pairs of rows and bookings, one rule after the other: each row is at most one booking, and each
-- booking at most one row. Counted: where a file has k rows that are alike and the ledger m, the
-- first min(k, m) are pairs.
-- Nested loops are off, for the reason that core.round_run gives.

-- Pairs by the bank's own id, whatever else differs; how many. One that stands twice in the file is
-- its first row's: another row of the same amount and day is a duplicate, any other has no id.
create or replace function core.pair_ids(_user_id bigint, _import_id bigint, _restores boolean)
returns bigint
language plpgsql
set enable_nestloop = off
set jit = off
as $$
declare
    v_count bigint;
begin
    with named as (
        select
            row_no,
            first_value(row_no) over same_id as first_no,
            (amount_cents, transaction_date) = (
                first_value(amount_cents) over same_id, first_value(transaction_date) over same_id
            ) as is_alike
        from data.staged_rows
        where user_id = _user_id
          and import_id = _import_id
          and external_id is not null
          and fault is null
        window same_id as (partition by account_id, external_id order by row_no)
    )
    update data.staged_rows as staged
    set rule = case when named.is_alike then 'bank_id_in_file' end,
        external_id = case when named.is_alike then staged.external_id end
    from named
    where staged.user_id = _user_id
      and staged.import_id = _import_id
      and staged.row_no = named.row_no
      and named.row_no <> named.first_no
      and staged.rule is null;

    with found as (
        select
            staged.row_no,
            -- A look into the index for each row: a join would read the whole ledger.
            (
                select booking.id
                from data.transactions as booking
                where booking.user_id = _user_id
                  and booking.account_id = staged.account_id
                  and booking.external_id = staged.external_id
            ) as transaction_id
        from data.staged_rows as staged
        where staged.user_id = _user_id
          and staged.import_id = _import_id
          and staged.external_id is not null
          and staged.rule is null
          and staged.fault is null
    )
    update data.staged_rows as staged
    set rule = 'bank_id',
        transaction_id = found.transaction_id,
        is_match = core.pair_posts(_user_id, found.transaction_id, staged.is_pending, staged.amount)
    from found
    where staged.user_id = _user_id
      and staged.import_id = _import_id
      and staged.row_no = found.row_no
      and found.transaction_id is not null;
    get diagnostics v_count = row_count;

    update data.staged_rows as staged
    set rule = 'bank_id',
        transaction_id = dropped.id,
        is_dropped = true
    from (
        select account_id, external_id, max(id) as id
        from data.dropped_transactions
        where user_id = _user_id
          and external_id is not null
          and not is_undone
          and not _restores
        group by account_id, external_id
    ) as dropped
    where staged.user_id = _user_id
      and staged.import_id = _import_id
      and staged.rule is null
      and staged.fault is null
      and dropped.account_id = staged.account_id
      and dropped.external_id = staged.external_id;
    return v_count;
end;
$$;

-- True when a row of a file makes a pending booking a posted one. One that is split or a leg of a
-- transfer keeps its amount: the bank's must be the same.
create or replace function core.pair_posts(
    _user_id bigint, _transaction_id bigint, _is_pending boolean, _amount numeric
)
returns boolean
language sql stable
as $$
    select not _is_pending and exists (
        select
        from data.transactions as booking
        where booking.user_id = _user_id
          and booking.id = _transaction_id
          and booking.is_pending
          and (
                booking.amount = _amount
                or (
                    booking.transfer_id is null
                    and not exists (
                        select
                        from data.transaction_splits as split
                        where split.user_id = _user_id and split.transaction_id = booking.id
                    )
                )
            )
    );
$$;

-- Finds for every row of an import that is new and good the booking that it is already; returns how
-- many rows are left, which are new. A rule that nothing can satisfy is passed over.
create or replace function core.pair_all(_user_id bigint, _import_id bigint, _restores boolean)
returns bigint
language plpgsql
as $$
declare
    v_format constant text := (
        select format from data.statement_imports where user_id = _user_id and id = _import_id
    );
    v_rows record;
    v_known record;
    v_left bigint;
    v_round record;
    v_ids text;
begin
    perform core.pair_ids(_user_id, _import_id, _restores);
    select
        count(*) as row_count,
        array_agg(distinct account_id) as account_ids,
        min(transaction_date) - 8 as first_on,
        max(transaction_date) + 8 as last_on,
        bool_or(is_pending) as has_pending,
        bool_or(external_id is null) as has_without,
        bool_or(external_id is not null) as has_ids
    into v_rows
    from data.staged_rows
    where user_id = _user_id
      and import_id = _import_id
      and rule is null
      and fault is null;
    v_left := v_rows.row_count;
    if v_left = 0 then
        return 0;
    end if;
    select
        count(*) as booking_count,
        bool_or(known.is_manual) as has_manual,
        bool_or(known.is_pending) as has_pending,
        bool_or(known.external_id is null) as has_without,
        bool_or(known.format <> v_format) as has_other
    into v_known
    from core.import_known(
        _user_id, _import_id, v_rows.account_ids, v_rows.first_on, v_rows.last_on, _restores
    ) as known;

    -- A loop, because a round takes from what the one before left.
    for v_round in
        select step.rule, step.key, step.shift from core.round_rules() as step order by step.place
    loop
        exit when v_left = 0 or v_known.booking_count = 0;
        continue when not case v_round.rule
            when 'other_format' then coalesce(v_known.has_other, false)
            when 'manual' then v_known.has_manual
            when 'pending' then v_known.has_pending
            when 'posted_already' then v_rows.has_pending
            else true
        end;
        foreach v_ids in array array['row_without', 'booking_without', 'both'] loop
            continue when not case v_ids
                when 'row_without' then v_rows.has_without
                when 'booking_without' then v_rows.has_ids and v_known.has_without
                else v_rows.has_ids and coalesce(v_known.has_other, false)
                    and v_round.rule in ('same', 'same_text')
            end;
            v_left := v_left - core.round_run(
                _user_id, _import_id, v_round.rule, v_round.key, v_round.shift, v_ids, v_format,
                v_rows.account_ids, v_rows.first_on, v_rows.last_on, _restores
            );
        end loop;
    end loop;
    if v_left > 0 and v_known.has_pending then
        v_left := v_left - core.tip_run(
            _user_id, _import_id, v_rows.account_ids, v_rows.first_on, v_rows.last_on
        );
    end if;
    return v_left;
end;
$$;
