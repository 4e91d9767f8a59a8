select plan(6);

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

create temporary table asked as
select core.payee_json(-1, '2025-01-01', '2025-02-28', 'USD', 2) as top;

select results_eq(
    $$ select item ->> 'net', item ->> 'spent_count', item ->> 'months', item ->> 'share'
       from asked cross join json_array_elements(top -> 'items') as item $$,
    $$ values ('-180.00', '2', '2', '87.0'), ('-20.00', '1', '1', '9.7') $$,
    'the most was spent with the first, in any case of its name, what came back taken off'
);
select is((select top ->> 'count' from asked), '3', 'so many there are');
select is(
    (select top -> 'unnamed' ->> 'spent' from asked), '7.00', 'beside those that have no name'
);
select results_eq(
    $$ select first_on, last_on from core.payee_rows(-1, '2025-01-01', '2025-02-28')
       where lower(counterparty) = 'mill' $$,
    $$ values ('2025-01-10'::date, '2025-02-11'::date) $$, 'from the first booking to the last'
);
select is(
    core.payee_json(-1, '2025-01-01', '2025-02-28', 'EUR', 2) -> 'items' -> 0 ->> 'counterparty',
    'Cave', 'each currency has its own'
);
select is_empty($$ select core.shape_faults(core.payee_shape()) $$, 'its shape is a shape');

select * from finish();
