select plan(8);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'Food');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Groceries'), (-1, 11, 1, 'Eating out'), (-1, 12, 1, 'Sweets');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, subcategory_id
)
values
    (-1, 1, 1, -30, '2025-01-01', 'Bread', 10), (-1, 2, 1, -12, '2025-01-02', 'Store', null),
    (-1, 3, 1, -8, '2025-01-03', 'Pizza', 12), (-1, 4, 1, -8, '2025-01-03', 'Cake', 11);
insert into data.transaction_splits (
    user_id, id, transaction_id, transaction_date, amount, subcategory_id
)
values (-1, 1, 2, '2025-01-02', -10, 10), (-1, 2, 2, '2025-01-02', -2, 11);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, subcategory_id, frequency, anchor_on, expected_from
)
values (-1, 1, 'expense', 'Box', -20, 1, 11, 'weekly', '2025-01-01', '2025-01-01');
insert into data.transaction_rules (user_id, id, position, name, texts, subcategory_id)
values (-1, 1, 1, 'Baker', '{bread}', 10);

select throws_ok(
    $$ select core.refile_check(-1, '{10}', 99) $$, 'PT404', 'No such subcategory',
    'things go to a subcategory that is there'
);
select throws_ok(
    $$ select core.refile_check(-1, '{10,11}', 10) $$, 'PT422',
    'move_to is a subcategory that stays', 'and that stays'
);
select is(
    core.refile_write(-1, '{10,11}', 12, 7), 3::bigint, 'so many bookings show another one now'
);
select results_eq(
    $$ select id, subcategory_id, version, change_no from data.transactions
       where user_id = -1 order by id $$,
    $$ values (1::bigint, 12::bigint, 2, 7::bigint), (2, null, 2, 7), (3, 12, 1, 0),
        (4, 12, 2, 7) $$,
    'bookings are filed, a split one changes by its parts, others stay as they are'
);
select results_eq(
    $$ select subcategory_id from data.transaction_splits where user_id = -1 $$,
    $$ values (12::bigint), (12) $$, 'so are parts'
);
select results_eq(
    $$ select subcategory_id, version from data.recurring_items where user_id = -1 $$,
    $$ values (12::bigint, 2) $$, 'recurring items'
);
select results_eq(
    $$ select subcategory_id, version from data.transaction_rules where user_id = -1 $$,
    $$ values (12::bigint, 2) $$, 'and rules'
);
select is(core.refile_write(-1, '{10,11}', 12, 8), 0::bigint, 'there is nothing left to file');

select * from finish();
