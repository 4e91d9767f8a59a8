select plan(15);
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
create temporary table added as
select core.aim_add(-1, 'Car', 5000, '2026-01-01', 100) as id;

select results_eq(
    $$ select saved, currency, monthly, priority, extract(day from next_on)::integer
       from core.goal_page(-1, (select id from added) - 1, 1) $$,
    $$ values (100.00, 'USD', 0.00, 1, 1) $$, 'what is not said is plain'
);
select throws_ok(
    $$ select core.aim_add(-1, 'X', 5, null, 1, 2) $$, 'PT422', null, 'one of the two says it'
);
select throws_ok($$ select core.aim_add(-1, 'X', 0) $$, 'PT422', null, 'a goal is something');
select throws_ok(
    $$ select core.aim_add(-1, 'X', 5, null, null, 2, 'SEK') $$, 'PT422', null,
    'in the currency of its account'
);
select throws_ok(
    $$ select core.aim_add(-2, 'X', 5, null, null, 2) $$, 'PT404', 'No such account',
    'a stranger has no such account'
);
create temporary table once as
select core.aim_edit(-1, 901, '{"account_id": null, "monthly": 5}', 1) as id;
select results_eq(
    $$ select account_id, saved, monthly from core.goal_page(-1, 900, 1) $$,
    $$ values (null::bigint, 400.00, 5.00) $$,
    'what the account held is said when it is parted from the goal'
);
create temporary table twice as select core.aim_edit(-1, 901, '{"account_id": 2}') as id;
select results_eq(
    $$ select account_id, saved, version from core.goal_page(-1, 900, 1) $$,
    $$ values (2::bigint, 400.00, 3) $$, 'an account takes the place of what was said'
);
create temporary table thrice as select core.aim_edit(-1, 901, '{"saved": 7}') as id;
select results_eq(
    $$ select account_id, saved from core.goal_page(-1, 900, 1) $$,
    $$ values (null::bigint, 7.00) $$, 'and the other way round'
);
select throws_ok(
    $$ select core.aim_edit(-1, 901, '{"saved": 7, "account_id": 2}') $$, 'PT422', null,
    'both at once is neither'
);
select throws_ok(
    $$ select core.aim_edit(-1, 901, '{"name": "X"}', 1) $$, 'PT412', null,
    'an edit means a version'
);
select throws_ok(
    $$ select core.aim_edit(-1, 901, '{"saved": null}') $$, 'PT422', null, 'saved cannot be cleared'
);
select throws_ok(
    $$ select core.aim_edit(-2, 901, '{}') $$, 'PT404', 'No such financial goal',
    'a stranger has none'
);
select throws_ok(
    $$ select core.aim_check(5, 1, null, -1) $$, 'PT422', null, 'nothing is put aside backwards'
);
select throws_ok(
    $$ select core.aim_drop(-2, 901) $$, 'PT404', 'No such financial goal', 'nor drops one'
);
select is(core.aim_drop(-1, 901, 4), 901::bigint, 'a drop answers its key');

select * from finish();
