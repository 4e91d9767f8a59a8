select plan(8);

insert into data.users (id, currency) values (-1, 'USD'), (-2, 'USD');
insert into data.accounts (
    user_id, id, name, currency, opened_on, number_masked, external_id, opening_balance,
    current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 'NL71RABO0123456789', null, 100, 100),
    (-1, 2, 'Card', 'USD', '2025-01-01', '****4321', 'bank-card', 0, 0),
    (-1, 3, 'Euros', 'EUR', '2025-01-01', null, null, 0, 0),
    (-2, 4, 'Theirs', 'USD', '2025-01-01', null, null, 0, 0);

select set_config('app.user_id', '-1', true);
select is(
    (
        select string_agg(coalesce(core.stage_account(-1, name, '{"Mine": 2}')::text, '-'), ' ')
        from unnest(array[
            'Mine', 'bank-card', 'NL71 RABO 0123 4567 89', '9999-4321', 'CHECKING', 'other', '4321'
        ]) as name
    ),
    '2 2 1 2 1 - 2',
    'an account is found as the caller says, by the bank''s id, its number, its last four, its name'
);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 5, 'Checking', 'USD', '2025-01-01');
select is(core.stage_account(-1, 'Checking', '{}'), null, 'two of one name are none');

select is(core.stage_line(e' a\n b\t', 10), 'a  b'::text, 'a text becomes one line');
select is(core.stage_line(e' \n ', 10), null, 'with nothing to see it is none');

select is(
    core.stage_take(
        -1, 7, 10,
        '[
            {"line": 2, "amount": "-2.50", "transaction_date": "2026-01-31", "description": "a"},
            {"line": 3, "amount": "2.505", "transaction_date": "2026-01-31"},
            {"line": 4, "amount": "1", "transaction_date": "2026-02-30"},
            {"line": 5, "fault": {"column": "Sum", "reason": "no number", "text": "x"}},
            {"line": 6, "amount": "12.5000", "transaction_date": "2026-01-31", "account": "Card"}
        ]',
        null, '{}'
    ),
    15, 'rows of a part stand behind those that came before'
);
select results_eq(
    $$ select line, fault_column, fault_text from data.staged_rows
       where user_id = -1 and import_id = 7 and fault is not null order by row_no $$,
    $$ values (3, 'amount', '2.505'), (4, 'transaction_date', '2026-02-30'), (5, 'Sum', 'x') $$,
    'a bad row says which column is to blame, and what stood there'
);
select is(
    (select amount_cents from data.staged_rows where user_id = -1 and row_no = 15), 1250::bigint,
    'zeros behind the cents are no decimals'
);
select is(
    (select account_id from data.staged_rows where user_id = -1 and row_no = 15), 2::bigint,
    'the account that a row names is looked up'
);

select * from finish();
