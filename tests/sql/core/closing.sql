select plan(3);

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

insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values (-1, 1, -10, '2026-01-05', 'before'), (-1, 1, -5, '2026-02-05', 'after');
update data.accounts set current_balance = 85 where user_id = -1 and id = 1;
select pg_temp.stage(1, '[
    [2, "-1", "2026-01-31", "on the day"], [3, "-2", "2026-02-01", "later"]
]');
update data.statement_imports
set statements = '[
    {"account": null, "closing_balance": "50", "closing_on": "2025-12-31"},
    {"account": null, "closing_balance": "90", "closing_on": "2026-01-31"}
]'
where user_id = -1 and id = 1;
select is(
    core.closing_balances(-1, 1)::jsonb -> 0 ->> 'ledger_balance', '89.00',
    'the balance of the last closing day is what is booked until then, and what is new'
);
select is(
    core.closing_balances(-1, 1)::jsonb -> 0 ->> 'difference', '-1.00',
    'beside it stands how far the bank is away'
);

update data.statement_imports
set statements = '[
    {"account": null, "closing_balance": "999999999999999.999", "closing_on": "2026-01-31"}
]'
where user_id = -1 and id = 1;
select is(
    core.closing_balances(-1, 1)::jsonb -> 0 ->> 'file_balance', '1000000000000000.00',
    'a balance that no account could have is told as it is, and refuses no file'
);

select * from finish();
