select plan(3);
select set_config('app.user_id', '-1', true);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on, opening_balance, current_balance)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 1000, 1000),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 700),
    (-1, 3, 'Krona', 'SEK', '2025-01-01', 0, 0);
insert into data.financial_goals (
    user_id, id, name, target_amount, target_on, account_id, saved, currency, monthly, next_on,
    priority
)
values
    (-1, 1, 'Roof', 500, null, 2, null, 'USD', 0, '2025-02-01', 2),
    (-1, 2, 'Trip', 300, '2025-06-30', 2, null, 'USD', 30, '2025-01-31', 1),
    (-1, 3, 'Bike', 250, '2025-04-30', null, 100, 'USD', 40, '2025-01-31', 3),
    (-1, 4, 'Boat', 900, null, null, 0, 'SEK', 50, '2025-02-01', 1);
select is(
    api.progress_list(-1, '2025-01-31') #>> '{goals,0,name}', 'Trip', 'what comes first'
);
select is(
    api.progress_read(-1, 3, '2025-01-31') #>> '{goals,0,left}', '150.00', 'one goal'
);
select throws_ok(
    $$ select api.progress_read(-1, 999999) $$, 'PT404', 'No such financial goal', 'or none'
);

select * from finish();
