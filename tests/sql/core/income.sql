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
insert into data.income_sources (
    user_id, id, name, recurring_item_id, account_id, amount, frequency, next_on
)
values
    (-1, 1, 'Job', 1, null, null, null, null),
    (-1, 2, 'Lessons', null, 1, 35.50, 'weekly', '2025-01-06'),
    (-1, 3, 'Prize', null, 1, 500, 'once', '2025-06-06');

select is(
    array(select on_day from core.income_days('monthly', '2025-01-31', '2025-02-01', '2025-04-30')
        as day order by 1),
    '{2025-02-28,2025-03-31,2025-04-30}', 'counted from the first day, the 31st comes back'
);
select is(
    array(select on_day from core.income_days('biweekly', '2025-01-31', '2025-01-01', '2025-02-28')
        as day order by 1),
    '{2025-01-31,2025-02-14,2025-02-28}', 'every second week'
);
select is(
    array(select on_day
        from core.income_days('semimonthly', '2025-01-15', '2025-01-16', '2025-03-15')
        as day order by 1),
    '{2025-01-30,2025-02-15,2025-02-28,2025-03-15}', 'twice a month'
);
select is(
    array(select on_day from core.income_days('yearly', '2024-02-29', '2024-01-01', '2026-12-31')
        as day order by 1),
    '{2024-02-29,2025-02-28,2026-02-28}', 'once a year'
);
select is(
    array(select on_day from core.income_days('once', '2025-01-15', '2025-01-15', '2025-12-31')),
    '{2025-01-15}', 'once is once'
);
select is_empty(
    $$ select 1 from core.income_days('daily', '2025-01-15', '2024-01-01', '2025-01-14') $$,
    'nothing before it begins'
);
select is(core.income_months('2024-11-30', '2025-02-01'), 3, 'months are counted by name');
select results_eq(
    $$ select id, amount, frequency, next_on, account_id
       from core.income_page(-1, '2025-01-20', 0, 9) $$,
    $$ values (1::bigint, 2000.00, 'monthly', date '2025-01-25', 1::bigint),
        (2, 35.50, 'weekly', '2025-01-20', 1), (3, 500.00, 'once', '2025-06-06', 1) $$,
    'one that stands for an item says what the item says'
);
select is(
    (select next_on from core.income_page(-1, '2025-07-01', 2, 1)), null,
    'what came once does not come again'
);
select is(core.income_json(-1, 2) ->> 'amount', '35.50', 'one of them');
select is(core.income_json(-2, 2)::text, null, 'a stranger has none');
select is(core.income_shape() ->> 'next_on', 'date?', 'a shape');

select * from finish();
