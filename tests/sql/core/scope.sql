select plan(7);
\ir _fit.sql

select pg_temp.fit('2026-01-01');

insert into data.users (id, reserve) values (-1, 20);
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2020-01-01', 1000, 1000),
    (-1, 2, 'Savings', 'USD', '2020-01-01', 500, 500),
    (-1, 3, 'Abroad', 'EUR', '2020-01-01', 70, 70);
insert into data.recurring_items (
    user_id, kind, name, amount, account_id, frequency, anchor_on, roll, expected_from
)
values (-1, 'expense', 'Rent', -100, 1, 'monthly', '2026-02-05', 'none', '2026-01-01');

select results_eq(
    $$ select account_id, currency, opening_cents, plan_cents[5], p50_cents[5]
       from core.scope_rows(-1, '2026-01-31', 10) $$,
    $$ values
        (1::bigint, 'USD', 100000::bigint, 90000::bigint, 90000::bigint),
        (2, 'USD', 50000, 50000, 50000),
        (3, 'EUR', 7000, 7000, 7000),
        (null, 'USD', 150000, 140000, 140000) $$,
    'each account by key, then all in the owner''s currency together'
);
select results_eq(
    $$ select distinct basis, fitted_on, reserve_cents
       from core.scope_rows(-1, '2026-01-31', 10) $$,
    $$ values ('plan', '2026-01-01'::date, 2000::bigint) $$,
    'with the fit that was asked and the reserve'
);
select results_eq(
    $$ select account_id from core.scope_rows(-1, '2026-01-31', 10, 2) $$,
    $$ values (2::bigint) $$, 'one account alone'
);
select results_eq(
    $$ select account_id from core.scope_rows(-1, '2026-01-31', 10, 0) $$,
    $$ values (null::bigint) $$, 'the total alone'
);
select is_empty($$ select * from core.scope_rows(-9, '2026-01-31', 10) $$, 'nobody has none');

-- 150 days of history with 30.4375 in on the first: 15,218.75 cents a month of 150 days.
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values (-1, 1, 150, '2025-09-04', 'Booking'), (-1, 1, 0, '2026-01-31', 'Booking');
select is(
    (select row(basis, p50_cents[1], p90_cents[1])::text
     from core.scope_rows(-1, '2026-01-31', 10, 1)),
    '(history,100000,100487)',
    'an account with a history of its own goes by it: 30.44 a month, 0.16 of it above'
);
update data.accounts set is_active = false where user_id = -1 and id in (1, 3);
select results_eq(
    $$ select account_id, opening_cents from core.scope_rows(-1, '2026-01-31', 10) $$,
    $$ values (2::bigint, 50000::bigint), (null, 50000) $$, 'an inactive account has no row'
);

select * from finish();
