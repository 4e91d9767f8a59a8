select plan(4);

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

select results_eq(
    $$ select * from core.trend_sums(-1, '2025-01-01', '2025-02-28') order by 1, 2 $$,
    $$ values
        ('EUR', '2025-02-01'::date, 70.00, 0.00, 1::bigint, 0::bigint),
        ('USD', '2025-01-01', 100.00, 0.00, 1, 0), ('USD', '2025-02-01', 117.00, 510.00, 3, 2) $$,
    'months are summed by currency, what goes out apart from what comes in'
);
select results_eq(
    $$ select month_on, spent from core.trend_sums(-1, '2025-02-12', '2025-02-20')
       where currency = 'USD' $$,
    $$ values ('2025-02-01'::date, 20.00) $$, 'a month that is cut is summed as far as it goes'
);
select results_eq(
    $$ select month_on, category_id, name, spent, received
       from core.trend_cells(-1, '2025-02-01', '2025-02-28') where currency = 'USD'
       order by category_id $$,
    $$ values
        ('2025-02-01'::date, 1::bigint, 'Food', 110.00, 10.00),
        ('2025-02-01', 2, 'Income', 0.00, 500.00), ('2025-02-01', null, null, 7.00, 0.00) $$,
    'and by category'
);
select is_empty(
    $$ select * from core.trend_cells(-2, '2025-02-01', '2025-02-28') $$, 'a stranger has none'
);

select * from finish();
