select plan(7);

insert into data.users (id, currency) values (-1, 'USD'), (-2, 'USD');
insert into data.accounts (user_id, id, name, type, currency, opened_on, current_balance)
values
    (-1, 1, 'Checking', 'checking', 'USD', '2025-01-01', 500),
    (-1, 2, 'Card', 'credit', 'USD', '2025-01-01', -900),
    (-1, 3, 'Joint', 'checking', 'EUR', '2025-01-01', 10),
    (-2, 4, 'Checking', 'checking', 'USD', '2025-01-01', 100);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, to_account_id, frequency, anchor_on, expected_from
)
values
    (-1, 1, 'expense', 'Rent', -400, 1, null, 'monthly', '2026-01-03', '2026-03-01'),
    (-1, 2, 'expense', 'Power', -150, 1, null, 'monthly', '2026-01-04', '2026-03-01'),
    (-1, 3, 'income', 'Pay', 60, 1, null, 'monthly', '2026-01-04', '2026-03-01'),
    (-1, 4, 'expense', 'Films', -20, 2, null, 'monthly', '2026-01-03', '2026-03-01'),
    (-1, 5, 'expense', 'School', -30, 3, null, 'monthly', '2026-01-05', '2026-03-01'),
    (-1, 6, 'transfer', 'Saving', 5, 1, 3, 'monthly', '2026-01-04', '2026-03-01'),
    (-2, 7, 'expense', 'Rent', -101, 4, null, 'once', '2026-03-09', '2026-03-01');

select results_eq(
    $$ select recurring_item_id, on_day, account_id, amount_cents, left_cents
       from core.bill_rows(-1, '2026-03-01', 7) order by 1 $$,
    $$ values
        (1::bigint, '2026-03-03'::date, 1::bigint, -40000::bigint, 10000::bigint),
        (2, '2026-03-04', 1, -15000, 1000),
        (5, '2026-03-05', 3, -3000, -1500) $$,
    'what a bill leaves on its account: income of its day and transfers count, cards pay any bill'
);
select is(
    (select count(*)::integer from core.bill_rows(-1, '2026-03-01', 2)), 1, 'as far as asked for'
);
select results_eq(
    $$ select user_id, recurring_item_id, left_cents, basis
       from core.bill_short('{-1,-2}', '2026-03-01') $$,
    $$ values (-1::bigint, 5::bigint, -1500::bigint, 'plan') $$,
    'short is what would leave less than nothing'
);
select results_eq(
    $$ select user_id, recurring_item_id, left_cents from core.bill_short('{-2}', '2026-03-02') $$,
    $$ values (-2::bigint, 7::bigint, -100::bigint) $$,
    'a week ahead'
);

-- Of one account, 300 less is expected by the evening of the 2nd, and 20 less by that of the 3rd.
drop function core.expectation_arrays(bigint[], date, integer);
create function core.expectation_arrays(
    _user_ids bigint[], _as_of date, _days integer
)
returns table (
    user_id bigint, account_id bigint, currency text, basis text, fitted_on date,
    reserve_cents bigint, opening_cents bigint, plan_cents bigint[], p10_cents bigint[],
    p50_cents bigint[], p90_cents bigint[], below numeric[], risk_7 numeric,
    risk_30 numeric, risk_90 numeric
)
language sql stable as $$
    select
        -1, 1, 'USD', 'history', null::date, 0, 0, '{50000,10000,900}'::bigint[], null::bigint[],
        '{20000,8000,900}'::bigint[], null::bigint[], null::numeric[], null::numeric, null::numeric,
        null::numeric;
$$;
select results_eq(
    $$ select recurring_item_id, left_cents, basis
       from core.bill_short('{-1}', '2026-03-01') order by 1 $$,
    $$ values
        (1::bigint, -20000::bigint, 'history'), (2, -1000, 'history'),
        (5, -1500, 'plan') $$,
    'what is expected beside the plan, up to the evening before, counts'
);

insert into data.transactions (
    user_id, account_id, amount, transaction_date, description, recurring_item_id
)
values (-1, 3, -30, '2026-03-01', 'School', 5);
select is(
    (select count(*)::integer from core.bill_rows(-1, '2026-03-01', 7)
        where recurring_item_id = 5), 0, 'what was paid early is no bill'
);
select is(
    (select left_cents from core.bill_rows(-1, '2026-03-04', 7) where recurring_item_id = 2),
    1000::bigint, 'what is overdue lessens the balance and is no bill itself'
);

select * from finish();
