select plan(12);
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
insert into data.income_sources (
    user_id, id, name, account_id, amount, frequency, next_on
)
values (-1, 1, 'Lessons', 1, 35.50, 'weekly', '2025-01-15');
create temporary table seen as select core.tally_json(-1, 1, '2025-01-20') as said;

select is((select said ->> 'elapsed_days' from seen), '20', 'today is over as well');
select is(
    (select said -> 'envelopes' -> 0 ->> 'spent' from seen), '25.00',
    'refunds are taken off, later bookings are not seen'
);
select is((select said -> 'envelopes' -> 0 ->> 'remaining' from seen), '75.00', 'the rest');
select is(
    (select said -> 'envelopes' -> 0 ->> 'projected' from seen), '38.75', 'at this pace'
);
select is((select said -> 'envelopes' -> 1 ->> 'due' from seen), '905.50', 'rent is still due');
select is(
    (select said -> 'unallocated' from seen)::jsonb,
    '[{"subcategory_id": 30, "subcategory": "Salary", "category": "All", "spent": 0.00,
       "received": 1800.00, "pending": 0.00},
      {"subcategory_id": 40, "subcategory": "Fun", "category": "All", "spent": 7.25,
       "received": 0.00, "pending": 7.25},
      {"subcategory_id": null, "subcategory": null, "category": null, "spent": 0.00,
       "received": 20.00, "pending": 0.00}]'::jsonb,
    'what has no envelope'
);
select is(
    (select said -> 'income' from seen)::jsonb,
    '{"received": 1820.00, "expected": 2071.00, "total": 3891.00, "assigned": 1000.00,
      "left_to_budget": 2891.00, "left_after_unallocated": 2883.75}'::jsonb,
    'salary of the 25th and two lessons are still to come'
);
select is((select said #>> '{expected,0,name}' from seen), 'Lessons', 'the next one first');
select is((select said #>> '{totals,unallocated}' from seen), '7.25', 'in the totals as well');
select is(
    core.tally_json(-1, 1, '2025-01-31') #>> '{envelopes,0,spent}', '115.00',
    'a split booking by its parts'
);
select is(
    core.tally_json(-1, 1, '2024-12-01') #>> '{totals,spent}', '0.00', 'nothing before it begins'
);
select is(core.tally_json(-2, 1, '2025-01-31')::text, null, 'a stranger sees nothing');

select * from finish();
