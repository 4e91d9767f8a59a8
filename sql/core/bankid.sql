-- Rows of a file that the ledger has under the bank's own id.

-- Pairs by the bank's own id, whatever else differs; how many. One that stands twice in a file is
-- its first row's: another row of the same amount and day is a duplicate, any other has no id.
create or replace function core.bankid_run(_user_id bigint, _import_id bigint, _restores boolean)
returns bigint
language plpgsql
set enable_nestloop = off
set jit = off
as $$
declare
    v_count bigint;
    v_account_ids bigint[];
begin
    if not exists (
        select
        from data.staged_rows
        where user_id = _user_id and import_id = _import_id and external_id is not null
    ) then
        return 0;
    end if;
    with repeated as (
        select account_id, external_id, min(row_no) as first_no
        from data.staged_rows
        where user_id = _user_id
          and import_id = _import_id
          and external_id is not null
          and fault is null
        group by account_id, external_id
        having count(*) > 1
    ),
    named as (
        select
            own.row_no,
            (own.amount_cents, own.transaction_date)
            = (first.amount_cents, first.transaction_date) as is_alike
        from repeated
        inner join data.staged_rows as own
            on own.user_id = _user_id and own.import_id = _import_id
            and own.account_id = repeated.account_id
            and own.external_id = repeated.external_id
        inner join data.staged_rows as first
            on first.user_id = _user_id and first.import_id = _import_id
            and first.row_no = repeated.first_no
        where own.row_no <> repeated.first_no
          and own.fault is null
    )
    update data.staged_rows as staged
    set rule = case when named.is_alike then 'bank_id_in_file' end,
        external_id = case when named.is_alike then staged.external_id end
    from named
    where staged.user_id = _user_id
      and staged.import_id = _import_id
      and staged.row_no = named.row_no
      and staged.rule is null;

    select array_agg(distinct account_id) into v_account_ids
    from data.staged_rows
    where user_id = _user_id
      and import_id = _import_id
      and external_id is not null
      and rule is null
      and fault is null;
    -- A join that reads every id of these accounts once. A look-up for each row, or a list of ids,
    -- is faster in a long ledger, but on fresh statistics it may be searched by another index, and
    -- then compares each with each.
    update data.staged_rows as staged
    set rule = 'bank_id', transaction_id = booking.id,
        is_match = booking.is_pending
            and core.bankid_posts(_user_id, booking.id, staged.is_pending, staged.amount)
    from data.transactions as booking
    where booking.user_id = _user_id
      and booking.account_id = any (v_account_ids)
      and booking.external_id is not null
      and staged.user_id = _user_id
      and staged.import_id = _import_id
      and staged.account_id = booking.account_id
      and staged.external_id = booking.external_id
      and staged.rule is null
      and staged.fault is null;
    get diagnostics v_count = row_count;

    update data.staged_rows as staged
    set rule = 'bank_id', transaction_id = dropped.id, is_dropped = true
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
create or replace function core.bankid_posts(
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
