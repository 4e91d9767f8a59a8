select plan(12);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Krona', 'SEK', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'All');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Food'), (-1, 20, 1, 'Rent'), (-1, 30, 1, 'Salary'), (-1, 40, 1, 'Fun');
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
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, subcategory_id, transfer_id,
    is_pending
)
values
    (-1, 1, 1, -30, '2025-01-01', 'Bread', 10, null, false),
    (-1, 2, 1, -100, '2025-01-31', 'Store', null, null, false),
    (-1, 3, 1, -7.25, '2025-01-20', 'Cinema', 40, null, true),
    (-1, 4, 1, -50, '2025-01-15', 'Over', 10, 4, false),
    (-1, 5, 2, -50, '2025-01-15', 'Krona', 10, null, false),
    (-1, 6, 1, 5, '2025-01-10', 'Refund', 10, null, false),
    (-1, 7, 1, -4, '2024-12-31', 'Old year', 10, null, false),
    (-1, 8, 1, 1800, '2025-01-05', 'Bonus', 30, null, false),
    (-1, 9, 1, 20, '2025-01-06', 'Found', null, null, false);
insert into data.transaction_splits (
    user_id, transaction_id, transaction_date, amount, subcategory_id
)
values (-1, 2, '2025-01-31', -90, 10), (-1, 2, '2025-01-31', -10, null);

select results_eq(
    $$ select subcategory_id, received, spent, pending
       from core.envelope_sums(-1, '2025-01-01', '2025-01-31', '{1}') order by subcategory_id $$,
    $$ values (10::bigint, 5.00, 120.00, 0.00), (30, 1800.00, 0.00, 0.00), (40, 0.00, 7.25, 7.25),
        (null, 20.00, 10.00, 0.00) $$,
    'by parts, without transfers and other accounts, pending said apart'
);
select is_empty(
    $$ select 1 from core.envelope_sums(-2, '2025-01-01', '2025-01-31', '{1}') $$,
    'a stranger spent nothing'
);
select results_eq(
    $$ select recurring_item_id, next_on, due_count, amount
       from core.envelope_dues(-1, '{1,2}', '{1}', '2025-01-01', '2025-01-10', '2025-01-31')
       order by recurring_item_id $$,
    $$ values (1::bigint, date '2025-01-25', 1::bigint, 2000.00), (2, '2025-01-01', 1, -900.00),
        (3, '2025-01-07', 4, -160.00), (4, '2025-01-01', 1, -1.00), (6, '2025-01-03', 1, -5.50) $$,
    'what is late is due as well'
);
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, recurring_item_id
)
values (-1, 20, 1, -890, '2025-01-02', 'Rent', 2);
select is_empty(
    $$ select 1
       from core.envelope_dues(-1, '{1,2}', '{1}', '2025-01-01', '2025-01-10', '2025-01-31')
       where recurring_item_id = 2 $$,
    'what was booked is not'
);
insert into data.income_sources (user_id, name, recurring_item_id, is_active)
values (-1, 'Job', 1, false);
select is_empty(
    $$ select 1
       from core.envelope_dues(-1, '{1,2}', '{1}', '2025-01-01', '2025-01-10', '2025-01-31')
       where recurring_item_id = 1 $$,
    'nor is income that is put away'
);
select is_empty(
    $$ select 1
       from core.envelope_dues(-1, '{1,2}', '{1}', '2025-01-01', '2025-02-01', '2025-01-31') $$,
    'nor anything when the period is over'
);
select results_eq(
    $$ select * from core.envelope_state(200, 50, 0.5, 0, false) $$,
    $$ values (25.0, 0.50, 100.00, 'on_track') $$, 'half the time, a quarter of the money'
);
select results_eq(
    $$ select * from core.envelope_state(200, 150, 0.5, 0, false) $$,
    $$ values (75.0, 1.50, 300.00, 'ahead') $$, 'ahead of time'
);
select results_eq(
    $$ select * from core.envelope_state(200, 200.01, 1, 0, false) $$,
    $$ values (100.0, 1.00, 200.01, 'over') $$, 'a cent is over'
);
select results_eq(
    $$ select * from core.envelope_state(900, 0, 0.1, 900, true) $$,
    $$ values (0.0, 0.00, 900::numeric, 'on_track') $$, 'what is fixed has no pace to project'
);
select results_eq(
    $$ select * from core.envelope_state(-5, 0, 0, 0, false) $$,
    $$ values (null::numeric, null::numeric, null::numeric, 'on_track') $$,
    'nothing spent of nothing'
);
select is(
    (select status from core.envelope_state(0, 0.01, 0.5, 0, false)), 'over', 'a cent of nothing'
);

select * from finish();
