select plan(4);

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

select results_eq(
    $$ select rule, count(*)::integer from core.round_rules() group by rule order by min(place) $$,
    $$ values ('same', 1), ('same_text', 4), ('other_format', 1), ('manual', 7),
              ('pending', 27), ('posted_already', 8) $$,
    'exact rules come first, guesses last'
);
select is(
    concat_ws(
        ' ', core.round_key('none', true, 5, 'A', 'B'), core.round_key('hash', true, 5, 'A', 'B'),
        core.round_key('text', true, 5, 'A', 'B'),
        core.round_key('counterparty_as_text', true, 5, 'A', 'B'),
        core.round_key('counterparty_as_text', false, 5, 'A', 'B')
    ),
    'none 5 a b a', 'a key is what both sides must share'
);
select is(
    core.round_key('counterparty', true, 5, 'A', null), null, 'without a text there is no key'
);

insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 1, 1, -3, '2026-01-05', 'Coffee'), (-1, 2, 1, -3, '2026-01-05', 'Coffee');
select pg_temp.stage(1, '[
    [2, "-3", "2026-01-05", "coffee"], [3, "-3", "2026-01-05", "Coffee"],
    [4, "-3", "2026-01-05", "Coffee!"], [5, "-3", "2026-01-06", "Coffee"]
]');
select is(
    core.round_run(
        -1, 1, 'same', 'hash', 0, 'row_without', 'csv', '{1}', '2026-01-01', '2026-01-31', false
    ),
    2::bigint, 'two bookings are two rows of four'
);

select * from finish();
