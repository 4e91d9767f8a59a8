select plan(9);

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

create temporary table asked as select core.course_json(-1, '2025-03-15', 4, 'USD') as course;

select is(
    (select course ->> 'months' from asked),
    '["2024-12-01", "2025-01-01", "2025-02-01", "2025-03-01"]', 'months in their order'
);
select is(
    (select course -> 'total' ->> 'net' from asked), '[0.00, -100.00, 393.00, 0.00]',
    'every month has its place, also without a booking'
);
select is(
    (select course -> 'total' ->> 'smooth' from asked), '[0.00, -50.00, 97.67, 97.67]',
    'smoothed with the two before'
);
select is(
    (select course ->> 'whole_months' from asked), '2',
    'the present month is not over, and before the first booking there was no ledger'
);
select is(
    (select course -> 'total' ->> 'average' from asked), '146.50', 'so the mean is of the others'
);
select is(
    (select course -> 'categories' -> 0 ->> 'name' from asked), 'Food', 'the most spent is first'
);
select is(
    (select course -> 'categories' -> 0 ->> 'slope' from asked), '0.00',
    'a slope of none is that as much is spent each month'
);
select is(core.course_slope(3, 6, 60, 140, 14), 10.00, 'a line through 10, 20, 30 climbs by 10');
select is(core.course_slope(1, 1, 5, 5, 1), null, 'one point has no slope');

select * from finish();
