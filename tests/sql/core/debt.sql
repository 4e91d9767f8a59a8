select plan(4);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on, opening_balance, current_balance)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 500, 500),
    (-1, 2, 'Card', 'USD', '2025-01-01', 0, -120.50),
    (-1, 3, 'Krona', 'SEK', '2025-01-01', 0, 0);
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values (-1, 2, -20.50, '2025-03-10', 'x');
insert into data.debts (user_id, id, name, account_id, balance, currency, apr, minimum_payment)
values
    (-1, 1, 'Car', null, 5000, 'USD', 0.0625, 150),
    (-1, 2, 'Card', 2, null, 'USD', 0.2299, 25),
    (-1, 3, 'Fine', 1, null, 'USD', 0, 0);

select results_eq(
    $$ select id, balance_cents from core.debt_rows(-1) $$,
    $$ values (1::bigint, 500000::bigint), (2, 12050), (3, 0) $$,
    'an account owes what it is below zero, one above owes nothing'
);
select results_eq(
    $$ select id, balance_cents from core.debt_rows(-1, '2025-03-09') $$,
    $$ values (1::bigint, 500000::bigint), (2, 10000), (3, 0) $$,
    'what is booked later is not owed yet'
);
select results_eq(
    $$ select id, balance, apr from core.debt_page(-1, 1, 1) $$,
    $$ values (2::bigint, 120.50, 0.2299) $$, 'a page goes on behind a key'
);
select is(core.debt_json(-2, 1)::text, null, 'a stranger has none');

select * from finish();
