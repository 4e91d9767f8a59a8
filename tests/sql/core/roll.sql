select plan(9);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Krona', 'SEK', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'All');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Food'), (-1, 20, 1, 'Rent'), (-1, 30, 1, 'Salary'), (-1, 40, 1, 'Fun');
insert into data.budget_periods (user_id, id, kind, starts_on, ends_on)
values (-1, 1, 'monthly', '2025-01-01', '2025-01-31');
insert into data.budgets (user_id, id, budget_period_id, name, currency, carry_rule, chain_id)
values (-1, 1, 1, 'House', 'USD', 'left', 1);
insert into data.budget_allocations (user_id, id, budget_id, subcategory_id, amount)
values (-1, 1, 1, 10, 100), (-1, 2, 1, 20, 900);
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, subcategory_id
)
values (-1, 1, 1, -60.40, '2025-01-31', 'Food', 10), (-1, 2, 1, -950, '2025-01-01', 'Rent', 20);
create temporary table rolled as select * from core.roll_run(-1, 1);

select ok((select is_new from rolled), 'a next one is made');
select results_eq(
    $$ select starts_on, ends_on, name, chain_no
       from core.budget_page(-1, 9223372036854775807, 1) $$,
    $$ values (date '2025-02-01', date '2025-02-28', 'House', 2) $$, 'as long as its kind has it'
);
create temporary table said as
select core.roll_json(-1, budget_id, is_new) as json from rolled;
select is((select json ->> 'allocated' from said), '1000.00', 'with the same allocations');
select is(
    (select json ->> 'carried' from said), '39.60', 'what is left goes on, what is overspent not'
);
select results_eq(
    $$ select * from core.roll_run(-1, 1) $$, $$ select budget_id, false from rolled $$,
    'there is one next'
);
update data.transactions set amount = -70.40 where user_id = -1 and id = 1;
select is(
    (select core.roll_json(-1, budget_id, false) ->> 'carried' from rolled), '29.60',
    'what is booked late is carried on as well'
);
select throws_ok(
    $$ select core.roll_run(-2, 1) $$, 'PT404', 'No such budget', 'a stranger goes nowhere'
);
select is(
    (select starts_on || ' ' || ends_on
     from core.roll_period(
         row(-1, 1, 1, 'custom', '2025-01-20', '2025-01-25', true, now(), now())
     )),
    '2025-01-26 2025-01-31', 'a custom period goes on for as many days'
);
select is(core.roll_shape() ->> 'carried', 'money', 'a shape');

select * from finish();
