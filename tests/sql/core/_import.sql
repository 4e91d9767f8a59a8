-- What the tests of an import begin with: one owner, three accounts, rows put in place.
insert into data.users (id, currency) values (-1, 'USD');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Card', 'USD', '2025-01-01', 0, 0),
    (-1, 3, 'Euros', 'EUR', '2025-01-01', 0, 0);
select set_config('app.user_id', '-1', true);
-- Puts rows [line, amount, day, text, more] of an import of account 1 in its place.
create function pg_temp.stage(_import_id bigint, _rows jsonb, _format text default 'csv')
returns void language sql as $$
    insert into data.statement_imports (user_id, id, account_id, format, options, read_count)
    values (
        -1, _import_id, 1, _format,
        '{"dry_run": false, "strict": false, "restore": false, "accounts": {}}',
        jsonb_array_length(_rows)
    );
    select core.stage_take(
        -1, _import_id, 0,
        (
            select jsonb_agg(
                jsonb_build_object(
                    'line', item -> 0, 'amount', item ->> 1, 'transaction_date', item ->> 2,
                    'description', item ->> 3
                ) || coalesce(item -> 4, '{}')
            )
            from jsonb_array_elements(_rows) as item
        ),
        1, '{}'
    );
$$;
-- What each row of an import was found to be: rule, booking, and + where it posts it.
create function pg_temp.found(_import_id bigint) returns text language sql as $$
    select string_agg(
        coalesce(
            rule || coalesce(' ' || transaction_id, '')
            || case when is_match then '+' when is_dropped then '-' else '' end,
            fault_column, 'new'
        ),
        ', ' order by row_no
    )
    from data.staged_rows
    where user_id = -1 and import_id = _import_id;
$$;
