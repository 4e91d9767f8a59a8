select plan(4);
select set_config('app.user_id', '-1', true);

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
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, to_account_id, subcategory_id, frequency,
    anchor_on, expected_from
)
values
    (-1, 1, 'income', 'Salary', 2000, 1, null, 30, 'monthly', '2024-06-25', '2024-06-25'),
    (-1, 2, 'expense', 'Rent', -900, 1, null, 20, 'monthly', '2024-06-01', '2024-06-01'),
    (-1, 3, 'expense', 'Market', -40, 1, null, 10, 'weekly', '2024-12-31', '2024-12-31'),
    (-1, 4, 'expense', 'Loose', -1, 1, null, null, 'monthly', '2024-06-01', '2024-06-01'),
    (-1, 5, 'expense', 'Krona', -1, 2, null, 10, 'monthly', '2024-06-01', '2024-06-01'),
    (-1, 6, 'expense', 'Parking', -5.50, 1, null, 20, 'monthly', '2024-06-03', '2024-06-03'),
    (-1, 7, 'expense', 'Next year', -5, 1, null, 40, 'once', '2026-01-01', '2026-01-01');

select is(api.roll_copy(-1, 1) ->> 'copied_count', '1', 'salary alone has no envelope yet');
select is(api.roll_next(-1, 1) #>> '{budget,starts_on}', '2025-02-01', 'the next one');
select is(api.roll_next(-1, 1) ->> 'is_new', 'false', 'is made once');
select set_config('app.user_id', '-2', true);
select throws_ok(
    $$ select api.roll_next(-2, 1) $$, 'PT404', 'No such budget', 'a stranger goes nowhere'
);

select * from finish();
