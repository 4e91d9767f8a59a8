select plan(8);
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
insert into data.budget_allocations (user_id, budget_id, subcategory_id, amount)
values (-1, 1, 10, 3);
select results_eq(
    $$ select recurring_item_id, occurrence_count, amount, reason from core.copy_rows(-1, 1) $$,
    $$ values
        (1::bigint, 1::bigint, 2000.00, null), (2, 1, -900.00, null),
        (3, 4, -160.00, 'has_allocation'), (4, 1, -1.00, 'no_subcategory'),
        (5, 1, -1.00, 'other_currency'), (6, 1, -5.50, null), (7, 0, 0.00, 'no_occurrence') $$,
    'what each comes to in the period, and why it is left'
);
create temporary table report as select core.copy_run(-1, 1) as said;
select is((select said ->> 'copied_count' from report), '3', 'salary, rent and parking');
select is((select said ->> 'allocated' from report), '905.50', 'two items of one subcategory');
select results_eq(
    $$ select subcategory_id, amount, is_recurring, recurring_item_id
       from core.share_page(-1, 1, 0, 9) $$,
    $$ values (10::bigint, 3.00, false, null::bigint), (20, 905.50, true, 2) $$,
    'the item of most weight is named'
);
select results_eq(
    $$ select name, recurring_item_id from data.income_sources where user_id = -1 $$,
    $$ values ('Salary', 1::bigint) $$, 'income is a source'
);
select is(core.copy_run(-1, 1) ->> 'copied_count', '0', 'a second run copies nothing');
select throws_ok(
    $$ select core.copy_run(-2, 1) $$, 'PT404', 'No such budget', 'nor does a stranger'
);
select is(core.copy_shape() #>> '{items,0,outcome}', 'copied|left', 'a shape');

select * from finish();
