-- Which rows of a file does the ledger hold already? The rules, their order and what they risk are
-- in docs/imports.md and decision 111.

-- A text as far as it tells bookings apart: without case, spaces and marks; never null.
create or replace function core.import_label(_text text)
returns text
language sql immutable parallel safe
as $$
    select coalesce(translate(lower(_text), e' \t\u00a0.,;:!?-_/*#+&''"()<>', ''), '');
$$;

-- One number for amount, day and texts of a row, without case. Two rows that share it are alike; by
-- chance, one pair in 2^64.
create or replace function core.import_hash(
    _amount_cents bigint, _day date, _description text, _counterparty text
)
returns bigint
language sql immutable parallel safe
as $$
    select hashtextextended(
        _amount_cents::text || ' ' || (_day - date '2000-01-01')::text || ' '
        || lower(coalesce(_description, '') || '|' || coalesce(_counterparty, '')),
        0
    );
$$;

-- What the ledger knows between two days of some accounts: bookings, and unless _restores also what
-- was dropped (not with its whole file). Not those that another row of this import is already.
-- Shape: one row per booking; format is that of the file that it came from; is_manual: no file and
-- no bank's id; is_bound: its amount cannot change by itself (a transfer, or split in parts).
create or replace function core.import_known(
    _user_id bigint,
    _import_id bigint,
    _account_ids bigint[],
    _from date,
    _to date,
    _restores boolean
)
returns table (
    transaction_id bigint,
    account_id bigint,
    amount_cents bigint,
    transaction_date date,
    description text,
    counterparty text,
    external_id text,
    import_hash bigint,
    format text,
    is_manual boolean,
    is_pending boolean,
    is_bound boolean,
    is_dropped boolean
)
language sql stable
as $$
    with taken as (
        select staged.transaction_id, staged.is_dropped
        from data.staged_rows as staged
        where staged.user_id = _user_id
          and staged.import_id = _import_id
          and staged.transaction_id is not null
    )
    select
        booking.id, booking.account_id, booking.amount_cents, booking.transaction_date,
        booking.description, booking.counterparty, booking.external_id,
        coalesce(
            booking.import_hash,
            core.import_hash(
                booking.amount_cents, booking.transaction_date, booking.description,
                booking.counterparty
            )
        ),
        import.format,
        booking.external_id is null and booking.import_hash is null,
        booking.is_pending,
        booking.transfer_id is not null or splits.transaction_id is not null,
        false
    from data.transactions as booking
    left join data.statement_imports as import
        on import.user_id = _user_id and import.id = booking.import_id
    left join (
        select distinct split.transaction_id
        from data.transaction_splits as split
        where split.user_id = _user_id
    ) as splits on splits.transaction_id = booking.id
    where booking.user_id = _user_id
      and booking.account_id = any (_account_ids)
      and booking.transaction_date between _from and _to
      and not exists (
          select from taken where taken.transaction_id = booking.id and not taken.is_dropped
      )
    union all
    select
        dropped.id, dropped.account_id, dropped.amount_cents, dropped.transaction_date,
        dropped.description, dropped.counterparty, dropped.external_id,
        coalesce(
            dropped.import_hash,
            core.import_hash(
                dropped.amount_cents, dropped.transaction_date, dropped.description,
                dropped.counterparty
            )
        ),
        null, false, false, true, true
    from data.dropped_transactions as dropped
    where not _restores
      and not dropped.is_undone
      and dropped.user_id = _user_id
      and dropped.account_id = any (_account_ids)
      and dropped.transaction_date between _from and _to
      and not exists (
          select from taken where taken.transaction_id = dropped.id and taken.is_dropped
      );
$$;
