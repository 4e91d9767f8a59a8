-- What a file adds to the ledger.

-- Rows of an import that are new and good, with the owner's subcategory of the name that the file
-- gives: Name, or Category:Name.
create or replace function core.fresh_rows(_user_id bigint, _import_id bigint)
returns table (
    row_no integer,
    account_id bigint,
    amount numeric,
    transaction_date date,
    posted_at timestamptz,
    description text,
    comment text,
    subcategory_id bigint,
    counterparty text,
    external_id text,
    is_pending boolean,
    import_hash bigint
)
language sql stable
as $$
    with categories as materialized (
        select
            named.category,
            coalesce(
                core.category_find(_user_id, named.category),
                core.category_find(
                    _user_id,
                    btrim(split_part(named.category, ':', 2)),
                    btrim(split_part(named.category, ':', 1))
                )
            ) as subcategory_id
        from (
            select distinct staged.category
            from data.staged_rows as staged
            where staged.user_id = _user_id
              and staged.import_id = _import_id
              and staged.category is not null
        ) as named
    )
    select
        staged.row_no,
        staged.account_id,
        staged.amount,
        staged.transaction_date,
        staged.posted_at,
        staged.description,
        staged.comment,
        categories.subcategory_id,
        staged.counterparty,
        staged.external_id,
        staged.is_pending,
        staged.import_hash
    from data.staged_rows as staged
    left join categories on categories.category = staged.category
    where staged.user_id = _user_id
      and staged.import_id = _import_id
      and staged.rule is null
      and staged.fault is null;
$$;

-- What was dropped and comes again with an import that restores is dropped no longer, so that an
-- equal row of a later file is another booking; how many. Row by row: by the bank's id, else by the
-- mark of the row. core.undo_run takes it back. Nested loops are off for the reason of
-- core.round_run.
create or replace function core.fresh_restore(_user_id bigint, _import_id bigint)
returns bigint
language plpgsql
set enable_nestloop = off
as $$
declare
    v_count bigint;
begin
    with wanted as materialized (
        select row_no, account_id, external_id, import_hash
        from core.fresh_rows(_user_id, _import_id)
    ),
    dropped as materialized (
        select
            id, account_id, amount, transaction_date, external_id,
            coalesce(
                import_hash,
                core.import_hash(amount_cents, transaction_date, description, counterparty)
            ) as import_hash
        from data.dropped_transactions
        where user_id = _user_id
          and not is_undone
          and account_id in (select account_id from wanted)
    ),
    named as materialized (
        select dropped.id, wanted.row_no
        from wanted
        inner join dropped
            on dropped.account_id = wanted.account_id
            and dropped.external_id = wanted.external_id
    ),
    alike as (
        select dropped.id
        from (
            select
                account_id, import_hash,
                row_number() over (partition by account_id, import_hash order by row_no) as place
            from wanted
            where row_no not in (select row_no from named)
        ) as own
        inner join (
            select
                id, account_id, import_hash,
                row_number() over (partition by account_id, import_hash order by id) as place
            from dropped
            where id not in (select id from named)
        ) as dropped
            on dropped.account_id = own.account_id
            and dropped.import_hash = own.import_hash
            and dropped.place = own.place
    ),
    restored as (
        update data.dropped_transactions as mark
        set is_undone = true
        where mark.user_id = _user_id
          and mark.id in (select id from named union select id from alike)
        returning
            mark.id, mark.amount, mark.transaction_date, mark.external_id, mark.import_hash
    ),
    kept as (
        insert into data.statement_changes (
            user_id, import_id, transaction_id, rule, amount, transaction_date, external_id,
            import_hash, is_pending
        )
        select
            _user_id, _import_id, id, 'restored', amount, transaction_date, external_id,
            import_hash, false
        from restored
    )
    select count(*) into v_count from restored;
    return v_count;
end;
$$;
