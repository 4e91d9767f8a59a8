select plan(4);
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
create temporary table added as select api.contribution_add(-1, 3, 12.5, '2025-02-01') as item;

select is((select item ->> 'amount' from added), '12.50', 'the answer is the contribution');
select is(api.contribution_list(-1, 3) #>> '{items,0,amount}', '12.50', 'it is in the list');
select throws_ok(
    $$ select api.contribution_list(-1, 999999) $$, 'PT404', 'No such financial goal', 'or none'
);
select is(
    (select api.contribution_drop(-1, (item ->> 'id')::bigint) ->> 'dropped' from added), 'true',
    'one is taken back'
);

select * from finish();
