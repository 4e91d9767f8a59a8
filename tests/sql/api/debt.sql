select plan(6);
select set_config('app.user_id', '-1', true);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on, opening_balance, current_balance)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 500, 500),
    (-1, 2, 'Card', 'USD', '2025-01-01', 0, -120.50),
    (-1, 3, 'Krona', 'SEK', '2025-01-01', 0, 0);
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values (-1, 2, -20.50, '2025-03-10', 'x');
create temporary table added as select api.debt_add(-1, 'Car', 0.0625, 150, 5000) as debt;

select is((select debt ->> 'apr' from added), '0.0625', 'the answer is the debt');
select is(api.debt_list(-1) #>> '{items,0,name}', 'Car', 'it is in the list');
select is(
    (select api.debt_read(-1, (debt ->> 'id')::bigint) ->> 'balance' from added), '5000.00', 'one'
);
select is(
    (select api.debt_edit(-1, (debt ->> 'id')::bigint, '{"balance": 40}', _balance => 40)
        ->> 'balance' from added), '40.00', 'an edit answers with it'
);
select throws_ok(
    $$ select api.debt_read(-1, 999999) $$, 'PT404', 'No such debt', 'or there is none'
);
select is(
    (select api.debt_drop(-1, (debt ->> 'id')::bigint) ->> 'dropped' from added), 'true',
    'a drop says so'
);

select * from finish();
