select plan(13);

insert into data.users (id, timezone) values (-1, 'UTC'), (-2, 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2020-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2020-01-01', 50, 50),
    (-2, 1, 'Checking', 'USD', '2020-01-01', 7, 7);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, to_account_id, frequency, anchor_on, expected_from
)
values
    (-1, 1, 'income', 'Salary', 30.5, 1, null, 'monthly', '2026-01-31', '2026-01-01'),
    (-1, 2, 'expense', 'Rent', -10, 1, null, 'monthly', '2026-01-31', '2026-01-01'),
    (-1, 3, 'transfer', 'Saving', 5, 1, 2, 'monthly', '2026-02-01', '2026-01-01');

select results_eq(
    $$ select * from core.forecast_days(-1, '2026-01-30', 3) $$,
    $$ values
        ('2026-01-30'::date, 150.00, 0.00, 0.00, 0.00, 150.00),
        ('2026-01-31'::date, 150.00, 30.50, -10.00, 20.50, 170.50),
        ('2026-02-01'::date, 170.50, 0.00, 0.00, 0.00, 170.50) $$,
    'a row per day, in order; a transfer between own accounts is none'
);
select results_eq(
    $$ select on_day, expenses, closing_balance
       from core.forecast_days(-1, '2026-01-31', 2, _account_id => 1) $$,
    $$ values ('2026-01-31'::date, -10.00, 120.50), ('2026-02-01'::date, -5.00, 115.50) $$,
    'for one account it is spending'
);
select results_eq(
    $$ select on_day, income, closing_balance
       from core.forecast_days(-1, '2026-01-31', 2, _account_id => 2) $$,
    $$ values ('2026-01-31'::date, 0.00, 50.00), ('2026-02-01'::date, 5.00, 55.00) $$,
    'and for the other one income'
);
select results_eq(
    $$ select on_day, opening_balance, closing_balance
       from core.forecast_days(-1, '2026-01-30', 2, '2026-01-31') $$,
    $$ values ('2026-01-31'::date, 150.00, 170.50), ('2026-02-01'::date, 170.50, 170.50) $$,
    'a plan that starts later is the rest of the same plan'
);
select is(
    (select closing_balance from core.forecast_days(-1, '2026-01-30', 1, _initial_balance => -3)),
    -3.00, 'the balance that it opens with may be given'
);
select is(
    (select closing_balance from core.forecast_days(-1, '2026-02-02', 1)), 170.50,
    'what is overdue is paid on the first day'
);
select is(
    (select closing_balance from core.forecast_days(-1, '2026-02-02', 1, _overdue => 'omit')),
    150.00, 'or left out'
);
select is(
    (select count(*) from core.forecast_days(-1, '2026-01-30', 3660)), 3660::bigint,
    'ten years have a row each day'
);
select is_empty('select core.forecast_days(-9, ''2026-01-30'', 3)', 'an unknown user has no plan');
select is(
    (select count(*) from core.forecast_days(-1, null, 2)), 2::bigint, 'no day asked is today'
);

select results_eq(
    $$ select user_id, on_day, closing_balance
       from core.forecast_many('{-1,-2,-9,-1}', '2026-01-30', 2) $$,
    $$ values
        (-2::bigint, '2026-01-30'::date, 7.00), (-2, '2026-01-31', 7.00),
        (-1, '2026-01-30', 150.00), (-1, '2026-01-31', 170.50) $$,
    'many users by key and day, each once, unknown ones not at all'
);
select results_eq(
    $$ select user_id, start_on, closing_cents
       from core.forecast_many_arrays('{-1,-2,-9}', '2026-01-30', 2) $$,
    $$ values (-2::bigint, '2026-01-30'::date, '{700,700}'::bigint[]),
              (-1, '2026-01-30', '{15000,17050}') $$,
    'the same as arrays of cents'
);
select is_empty('select core.forecast_many(''{}'', ''2026-01-30'', 2)', 'nobody has no plans');

select * from finish();
