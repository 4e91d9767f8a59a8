select plan(6);
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
    (-1, 901, 'Roof', 500, null, 2, null, 'USD', 0, '2025-02-01', 2),
    (-1, 902, 'Trip', 300, '2025-06-30', 2, null, 'USD', 30, '2025-01-31', 1),
    (-1, 903, 'Bike', 250, '2025-04-30', null, 100, 'USD', 40, '2025-01-31', 3),
    (-1, 904, 'Boat', 900, null, null, 0, 'SEK', 50, '2025-02-01', 1);
create temporary table added as select api.goal_add(-1, 'Car', 5000, _monthly => 25) as goal;

select is((select goal ->> 'monthly' from added), '25.00', 'the answer is the goal');
select is(api.goal_list(-1) #>> '{items,0,name}', 'Car', 'a list by key');
select is(
    (select api.goal_read(-1, (goal ->> 'id')::bigint) ->> 'saved' from added), '0.00', 'one'
);
select is(
    (select api.goal_edit(-1, (goal ->> 'id')::bigint, '{"saved": 40}', _saved => 40)
        ->> 'saved' from added), '40.00', 'an edit answers with it'
);
select throws_ok(
    $$ select api.goal_read(-1, 999999) $$, 'PT404', 'No such financial goal', 'or there is none'
);
select is(
    (select api.goal_drop(-1, (goal ->> 'id')::bigint) ->> 'dropped' from added), 'true',
    'a drop says so'
);

select * from finish();
