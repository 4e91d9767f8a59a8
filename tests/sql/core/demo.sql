select plan(12);

create temporary table home as select * from core.demo_household('2025-03-05');

select is((select count(*) from home), 1::bigint, 'one household');
select cmp_ok((select booking_count from home), '>', 600, 'with a year of life behind it');
select is(
    (select booking_count from core.demo_household('2025-03-05')), 0, 'a second call books nothing'
);
select is_empty(
    $$ select * from core.balance_faults((select user_id from home)) $$, 'balances are sums'
);
select is(
    (select max(transaction_date) from data.transactions
        where user_id = (select user_id from home)),
    '2025-03-04'::date, 'what falls due today is still to come'
);
select cmp_ok(
    (select min(closing_balance)
        from core.forecast_days((select user_id from home), '2025-03-05', 120)),
    '>=', 0.0, 'the plan stays above water'
);
select cmp_ok(
    (select min(closing_balance)
        from core.forecast_days((select user_id from home), '2025-03-05', 120)),
    '<', 100.0, 'but only just'
);
select cmp_ok(
    (select min(opening_balance) from data.accounts
        where user_id = (select user_id from home) and type <> 'credit'),
    '>=', 0.0, 'no account but the card opened in debt'
);
select cmp_ok(
    (select booking_count from core.demo_household('2025-03-25')), '>', 20, 'life goes on'
);
select is_empty(
    $$ select * from core.balance_faults((select user_id from home)) $$, 'and balances with it'
);
select is(
    core.demo_open((select user_id from home), (select min(id) from data.accounts
        where user_id = (select user_id from home)), 5),
    (select min(id) from data.accounts where user_id = (select user_id from home)),
    'an account can be made to hold a sum'
);
select is(
    (select count(*) from data.accounts
        where user_id = (select user_id from home) and current_balance = 5),
    1::bigint, 'and then holds it'
);

select * from finish();
