select plan(6);
select set_config('app.user_id', '-1', true);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.debts (user_id, id, name, balance, currency, apr, minimum_payment)
values
    (-1, 1, 'Car', 90, 'USD', 0.12, 40),
    (-1, 2, 'Card', 100, 'USD', 0.24, 50),
    (-1, 3, 'Euro', 100, 'EUR', 0.24, 50);
select is(
    api.payoff_read(-1, _as_of => '2025-01-01') #>> '{avalanche,payoff_on}', '2025-04-01',
    'the last day of the last debt'
);
select throws_ok($$ select api.payoff_read(-1, -1) $$, 'PT422', null, 'nothing is taken out');
select throws_ok($$ select api.payoff_read(-9) $$, 'PT404', 'No such user', 'nobody owes nothing');
select is(
    json_array_length(
        api.payoff_list(-1, _order => 'snowball', _extra => 1000, _as_of => '2025-01-01')
            -> 'months'
    ), 1, 'months of one way, and none behind its end'
);
select is(api.payoff_payment(-1, 1, 3) ->> 'payment', '30.61', 'what ends one debt');
select throws_ok($$ select api.payoff_payment(-1, 9, 3) $$, 'PT404', 'No such debt', 'or none');

select * from finish();
