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
select core.contrast_json(
    -1, '2025-02-01', '2025-02-28', '2025-01-01', '2025-01-31', 'USD'
) as pair;

select results_eq(
    $$ select subcategory, net, with_net from (
           select subcategory, received - spent as net, with_received - with_spent as with_net
           from core.contrast_rows(-1, '2025-02-01', '2025-02-28', '2025-01-01', '2025-01-31')
           where currency = 'USD'
       ) as row order by net $$,
    $$ values
        ('Groceries', -80.00, -100.00), ('Eating out', -20.00, 0.00), (null, -7.00, 0.00),
        ('Salary', 500.00, 0.00) $$, 'each subcategory has both months'
);
select is(
    (select pair -> 'items' -> 0 ->> 'subcategory' from asked), 'Eating out',
    'first where the most more was spent'
);
select is(
    (
        select item ->> 'difference' || ' ' || (item ->> 'percent')
        from asked cross join json_array_elements(pair -> 'items') as item
        where item ->> 'subcategory' = 'Groceries'
    ), '20.00 -20.0', 'a fifth less was spent on them'
);
select is((select pair -> 'totals' ->> 'difference' from asked), '493.00', 'in all');
select is(
    (select pair -> 'other_currencies' -> 0 ->> 'spent' from asked), '70.00',
    'other currencies stand apart'
);
select is_empty(
    $$ select core.shape_faults(core.contrast_shape()) $$, 'its shape is a shape'
);

select * from finish();
