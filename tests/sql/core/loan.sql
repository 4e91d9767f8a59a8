select plan(13);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on, opening_balance, current_balance)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 500, 500),
    (-1, 2, 'Card', 'USD', '2025-01-01', 0, -120.50),
    (-1, 3, 'Krona', 'SEK', '2025-01-01', 0, 0);
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values (-1, 2, -20.50, '2025-03-10', 'x');
create temporary table added as select core.loan_add(-1, 'Car', 0.06, 150, 5000) as id;

select results_eq(
    $$ select balance, currency from core.debt_page(-1, 0, 9) $$, $$ values (5000.00, 'USD') $$,
    'a debt is in the currency of its owner'
);
create temporary table linked as select core.loan_add(-1, 'K', 0, 0, null, 3) as id;
select is(
    core.debt_json(-1, (select id from linked)) ->> 'currency', 'SEK', 'or of its account'
);
select throws_ok(
    $$ select core.loan_add(-1, 'K', 0, 0, null, 3, 'USD') $$, 'PT422', null, 'and no other'
);
select throws_ok(
    $$ select core.loan_add(-2, 'K', 0, 0, null, 3) $$, 'PT404', 'No such account',
    'a stranger has no such account'
);
select throws_ok(
    $$ select core.loan_add(-1, 'K', 0, 0, 5, 3) $$, 'PT422', null,
    'one of the two says the balance'
);
select throws_ok($$ select core.loan_add(-1, 'K', 0, 0) $$, 'PT422', null, 'and one of them does');
select throws_ok(
    $$ select core.loan_add(-1, 'K', 0, -1, 5) $$, 'PT422', null, 'no minimum is negative'
);
create temporary table once as
select core.loan_edit(-1, (select id from added), '{"account_id": 2}', 1) as id;
select results_eq(
    $$ select account_id, balance from core.debt_page(-1, (select id from once) - 1, 1) $$,
    $$ values (2::bigint, 120.50) $$, 'an account takes the place of a balance'
);
select throws_ok(
    $$ select core.loan_edit(-1, (select id from added), '{"name": "X"}', 1) $$, 'PT412', null,
    'an edit means a version'
);
create temporary table twice as
select core.loan_edit(-1, (select id from added), '{"balance": 7.5}') as id;
select results_eq(
    $$ select account_id, balance from core.debt_page(-1, (select id from twice) - 1, 1) $$,
    $$ values (null::bigint, 7.50) $$, 'and a balance that of an account'
);
select throws_ok(
    $$ select core.loan_edit(-1, (select id from added), '{"apr": null}') $$, 'PT422', null,
    'a rate cannot be cleared'
);
select throws_ok(
    $$ select core.loan_drop(-2, (select id from added)) $$, 'PT404', 'No such debt',
    'a stranger drops none'
);
select is(
    core.loan_drop(-1, (select id from added), 3), (select id from added), 'a drop answers its key'
);

select * from finish();
