-- What a file comes to, row by row: the report that its owner reads before and after it is booked.

-- How many rows are new, duplicates, bad, and postings of what was pending: one row.
create or replace function core.finding_counts(_user_id bigint, _import_id bigint)
returns table (
    new_count bigint, duplicate_count bigint, rejected_count bigint, matched_count bigint
)
language sql stable
as $$
    select
        count(*) filter (where rule is null and fault is null),
        count(*) filter (where rule is not null and not is_match),
        count(*) filter (where rule is null and fault is not null),
        count(*) filter (where is_match)
    from data.staged_rows
    where user_id = _user_id
      and import_id = _import_id;
$$;

-- The first _most rows of each kind, in the order of the file; which account each name in the file
-- is; and what the balances will be beside those that the file tells.
create or replace function core.finding_json(
    _user_id bigint, _import_id bigint, _most integer default 100
)
returns json
language plpgsql stable
set jit = off
as $$
begin
    return (
        with shown as materialized (
            select kinds.kind, first.*
            from (values ('new'), ('duplicate'), ('matched'), ('rejected')) as kinds (kind)
            cross join lateral (
                select
                    row_no, line, account_id, transaction_date, amount, description, counterparty,
                    category, rule, transaction_id, is_dropped, fault_column, fault, fault_text
                from data.staged_rows
                where user_id = _user_id
                  and import_id = _import_id
                  and kinds.kind = case
                      when is_match then 'matched'
                      when rule is not null then 'duplicate'
                      when fault is not null then 'rejected'
                      else 'new'
                  end
                order by row_no
                limit _most
            ) as first
        ),
        items as (
            select
                shown.kind,
                shown.row_no,
                case shown.kind
                    when 'rejected' then json_build_object(
                        'line', shown.line,
                        'column', shown.fault_column,
                        'reason', shown.fault,
                        'text', shown.fault_text
                    )
                    when 'new' then json_build_object(
                        'line', shown.line,
                        'account_id', shown.account_id,
                        'transaction_date', shown.transaction_date,
                        'amount', shown.amount,
                        'description', shown.description,
                        'counterparty', shown.counterparty,
                        'category', shown.category
                    )
                    else json_build_object(
                        'line', shown.line,
                        'account_id', shown.account_id,
                        'transaction_date', shown.transaction_date,
                        'amount', shown.amount,
                        'description', shown.description,
                        'counterparty', shown.counterparty,
                        'rule', shown.rule,
                        'is_dropped', shown.is_dropped,
                        'booking', (
                            select json_build_object(
                                'id', booking.id,
                                'transaction_date', booking.transaction_date,
                                'amount', booking.amount,
                                'description', booking.description
                            )
                            from core.finding_booking(
                                _user_id, shown.transaction_id, shown.is_dropped
                            ) as booking
                        )
                    )
                end as item
            from shown
        )
        select json_build_object(
            'shown', _most,
            'new', coalesce(json_agg(item order by row_no) filter (where kind = 'new'), '[]'),
            'duplicate',
            coalesce(json_agg(item order by row_no) filter (where kind = 'duplicate'), '[]'),
            'matched',
            coalesce(json_agg(item order by row_no) filter (where kind = 'matched'), '[]'),
            'rejected',
            coalesce(json_agg(item order by row_no) filter (where kind = 'rejected'), '[]'),
            'accounts', core.finding_accounts(_user_id, _import_id),
            'balances', core.closing_balances(_user_id, _import_id)
        )
        from items
    );
end;
$$;

-- The booking, or what was dropped, under a key: one row, or none.
create or replace function core.finding_booking(
    _user_id bigint, _transaction_id bigint, _is_dropped boolean
)
returns table (id bigint, transaction_date date, amount numeric, description text)
language sql stable
as $$
    select id, transaction_date, amount, description
    from data.transactions
    where not _is_dropped and user_id = _user_id and id = _transaction_id
    union all
    select id, transaction_date, amount, description
    from data.dropped_transactions
    where _is_dropped and user_id = _user_id and id = _transaction_id;
$$;

-- Accounts that the file names (the first 100), the owner's account that each is, and how many
-- rows it has; last those of which it has a balance alone. account_id null: none was found, so its
-- rows are rejected.
create or replace function core.finding_accounts(_user_id bigint, _import_id bigint)
returns json
language sql stable
as $$
    select coalesce(
        json_agg(
            json_build_object(
                'name', named.account,
                'currency', named.currency,
                'account_id', named.account_id,
                'row_count', named.row_count
            )
            order by named.first_no, named.account
        ),
        '[]'
    )
    from (
        select
            account, currency, account_id, count(*) as row_count, min(row_no) as first_no
        from data.staged_rows
        where user_id = _user_id
          and import_id = _import_id
        group by account, currency, account_id
        union all
        select
            statement.account, min(statement.currency),
            coalesce(
                core.stage_account(_user_id, statement.account, import.options -> 'accounts'),
                case when jsonb_array_length(import.statements) = 1 then import.account_id end
            ),
            0, null
        from data.statement_imports as import
        cross join lateral jsonb_to_recordset(import.statements) as statement (
            account text, currency text
        )
        where import.user_id = _user_id
          and import.id = _import_id
          and statement.account is not null
          and not exists (
              select
              from data.staged_rows as staged
              where staged.user_id = _user_id
                and staged.import_id = _import_id
                and staged.account = statement.account
          )
        group by statement.account, import.options, import.statements, import.account_id
        order by first_no, account
        limit 100
    ) as named;
$$;
