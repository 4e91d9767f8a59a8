select plan(13);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);

create temporary table added as
select core.recurring_add(-1, 'expense', 'Rent', -1200, 1, 'monthly', '2025-01-31') as id;

select is(
    core.item_json(-1, (select id from added)) ->> 'expected_from', core.user_today(-1)::text,
    'nothing before today counts as overdue, unless it is said'
);
select throws_ok(
    $$ select core.recurring_add(-1, 'expense', 'Rent', 1200, 1, 'monthly', '2025-01-31') $$,
    'PT422', 'The amount of an expense is negative', 'a rule must be sound'
);
select throws_ok(
    $$ select core.recurring_add(-2, 'expense', 'Rent', -1200, 1, 'monthly', '2025-01-31') $$,
    'PT404', 'No such account', 'and on an account of its owner'
);
select lives_ok(
    $$ select core.recurring_edit(-1, (select id from added),
        '{"kind": "income", "amount": 7.5, "month_days": [1, -1], "user_id": -9, "id": 4}') $$,
    'what only makes sense together changes together'
);
select results_eq(
    $$ select kind, amount, month_days, name from core.item_rows(-1, 0, 9) $$,
    $$ values ('income', 7.50, array[1, -1], 'Rent') $$, 'absent keeps'
);
select throws_ok(
    $$ select core.recurring_edit(-1, (select id from added), '{"kind": "expense"}') $$, 'PT422',
    'The amount of an expense is negative', 'the merged rule must be sound'
);
select throws_ok(
    $$ select core.recurring_edit(-1, (select id from added), '{"name": null}') $$, 'PT422',
    'name cannot be cleared', 'a name is there'
);
select lives_ok(
    $$ select core.recurring_edit(-1, (select id from added), '{"month_days": null}') $$,
    'null clears'
);
select is((select month_days from core.item_rows(-1, 0, 9)), null, 'what may be empty');
select throws_ok(
    $$ select core.recurring_edit(-2, (select id from added), '{}') $$, 'PT404',
    'No such recurring item', 'a stranger edits nothing'
);

insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, recurring_item_id
)
select -1, 1, 1, 0, '2025-01-31', 'posted', id from added;

select throws_ok(
    $$ select core.recurring_drop(-2, (select id from added)) $$, 'PT404',
    'No such recurring item', 'a stranger drops nothing'
);
select is(
    core.recurring_drop(-1, (select id from added)), (select id from added), 'its owner does'
);
select is(
    core.ledger_json(-1, 1) ->> 'recurring_item_id', null, 'what was posted stays, unlinked'
);

select * from finish();
