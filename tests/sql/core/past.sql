select plan(5);

insert into data.users (id, timezone, currency)
values (-1, 'UTC', 'USD'), (-2, 'UTC', 'USD');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2020-01-01', 100, 117),
    (-1, 2, 'Savings', 'USD', '2020-01-01', 10, 10),
    (-2, 1, 'Checking', 'USD', '2020-01-01', 100, 100);
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values
    (-1, 1, 20, '2026-01-03', 'In'),
    (-1, 1, -5, '2026-01-05', 'Out'),
    (-1, 1, 2, '2026-01-20', 'In');

select results_eq(
    $$select * from core.past_balances(-1, '{1}', '2026-01-02', '2026-01-06')$$,
    $$values
        (date '2026-01-02', 10000::bigint), ('2026-01-03', 12000), ('2026-01-04', 12000),
        ('2026-01-05', 11500), ('2026-01-06', 11500)$$,
    'what is held now, less what was booked after the day'
);
select results_eq(
    $$select * from core.past_balances(-1, '{1,2}', '2026-01-20', '2026-01-20')$$,
    $$values (date '2026-01-20', 12700::bigint)$$, 'of several accounts together'
);
select is_empty(
    $$select * from core.past_balances(-1, '{1}', '2026-01-20', '2026-01-19')$$,
    'of no days, nothing'
);
select is_empty(
    $$select * from core.past_balances(-1, '{1}', '2026-01-20', '2026-01-17')$$,
    'nor of days that a move to the west has taken back'
);
select results_eq(
    $$select * from core.past_balances(-2, '{2}', '2026-01-20', '2026-01-20')$$,
    $$values (date '2026-01-20', 0::bigint)$$, 'an account that is not there holds nothing'
);

select * from finish();
