select plan(9);
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
insert into data.recurring_items (
    user_id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values (-1, 'income', 'Rest', 10, 1, 'monthly', '2025-02-15', '2025-02-15');
create temporary table said as select core.progress_json(-1, '2025-01-31', 60) as answer;

select is((select answer #>> '{surplus,monthly}' from said), '10.00', 'what a year leaves over');
select results_eq(
    $$ select goal ->> 'name', goal ->> 'percent', goal ->> 'is_reached', goal ->> 'is_reachable'
       from said cross join json_array_elements(answer -> 'goals') as goal $$,
    $$ values
        ('Trip', '100.00', 'true', 'true'), ('Boat', '0.00', 'false', null),
        ('Roof', '80.00', 'false', 'true'), ('Bike', '40.00', 'false', 'false') $$,
    'goals in their order; a day that the pace does not make is not reachable'
);
select is(
    (select answer #>> '{goals,3,at_monthly,is_on_time}' from said), 'false', 'nor with monthly'
);
select is((select answer #>> '{goals,3,needed,monthly}' from said), '50.00', 'but with more');
select is(
    (select answer #>> '{goals,1,effect}' from said), null, 'another currency is another forecast'
);
select is(
    (select answer #>> '{goals,3,effect,put_aside}' from said), '80.00', 'within the days asked for'
);
select is((select answer #>> '{together,put_aside}' from said), '80.00', 'and all together');
select is(
    json_array_length(core.progress_json(-1, '2025-01-31', 60, 3) -> 'goals'), 1, 'one goal alone'
);
select is(core.progress_json(-9, '2025-01-31', 60)::text, null, 'nobody has none');

select * from finish();
