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
