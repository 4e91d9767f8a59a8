select plan(2);

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

insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, is_pending
)
values
    (-1, 1, 1, -40, '2026-01-05', 'x', 'Diner', true),
    (-1, 2, 1, -40, '2026-01-05', 'x', 'Bar', true),
    (-1, 3, 1, -40, '2026-01-05', 'x', 'Cafe', true);
insert into data.transaction_splits (user_id, transaction_id, transaction_date, amount)
values (-1, 3, '2026-01-05', -40);
select pg_temp.stage(1, '[
    [2, "-48", "2026-01-07", "y", {"counterparty": "DINER"}],
    [3, "-51", "2026-01-07", "y", {"counterparty": "Bar"}],
    [4, "-44", "2026-01-07", "y", {"counterparty": "Cafe"}]
]');
select is(
    core.tip_run(-1, 1, '{1}', '2026-01-01', '2026-01-31'), 1::bigint,
    'one pending payment is found by its counterparty'
);
select is(
    pg_temp.found(1), 'pending_amount 1+, new, new',
    'a payment may grow by a quarter, and not when it is split'
);

select * from finish();
