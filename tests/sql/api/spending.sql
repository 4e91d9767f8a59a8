select plan(7);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Euros', 'EUR', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'Food'), (-1, 2, 'Income');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Groceries'), (-1, 11, 1, 'Eating out'), (-1, 20, 2, 'Salary');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, subcategory_id
)
values
    (-1, 1, 1, -100, '2025-01-10', 'Bread', 'Mill', 10),
    (-1, 2, 1, -90, '2025-02-10', 'Bread', 'MILL', 10),
    (-1, 3, 1, 10, '2025-02-11', 'Returned', 'Mill', 10),
    (-1, 4, 1, -20, '2025-02-12', 'Pizza', 'Napoli', 11),
    (-1, 5, 1, 500, '2025-02-28', 'Pay', 'Works', 20),
    (-1, 6, 1, -7, '2025-02-28', 'Cash', null, null),
    (-1, 7, 2, -70, '2025-02-20', 'Wine', 'Cave', 11);

select is(
    api.spending_read(-1, '2025-02-01', '2025-02-28') ->> 'compared_from', '2025-01-01',
    'a month is compared with the one before'
);
select is(
    api.spending_read(-1, _as_of => '2025-02-11') -> 'totals' ->> 'spent', '90.00',
    'unsaid, it is the month so far'
);
select is(
    api.spending_trends(-1, 2, _as_of => '2025-02-28') ->> 'whole_months', '2',
    'a month is over on its last day'
);
select is(
    api.spending_counterparties(-1, '2025-01-01', '2025-02-28', _limit => 1)
        -> 'items' -> 0 ->> 'spent_count',
    '2', 'counterparties of a range'
);
select is(
    api.spending_compare(-1, '2025-02-14') -> 'totals' ->> 'with_net', '-100.00',
    'a month is named by any of its days'
);
select throws_ok(
    $$ select api.spending_read(-1, '2025-02-02', '2025-02-01') $$, 'PT422',
    'from is not after to', 'a range goes forward'
);
select set_config('app.user_id', '-2', true);
select is(
    api.spending_read(-1, '2025-02-01', '2025-02-28') ->> 'items', '[]',
    'the second wall shows a stranger nothing'
);

select * from finish();
