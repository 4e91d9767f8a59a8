select plan(11);
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
create temporary table added as
select core.contribution_add(-1, 3, 50.5, '2025-03-01', 'gift') as id
union all
select core.contribution_add(-1, 3, -20, '2025-03-02');

select is(core.goal_json(-1, 3) ->> 'saved', '130.50', 'what is saved moves with contributions');
select results_eq(
    $$ select amount, note from core.contribution_page(-1, 3, 'infinity', 0, 9) $$,
    $$ values (-20.00, null), (50.50, 'gift') $$, 'newest first'
);
select is(
    (select count(*) from core.contribution_page(-1, 3, '2025-03-02', 0, 9)), 1::bigint,
    'a page goes on behind a place'
);
select is(
    (select core.contribution_json(-1, min(id)) ->> 'amount' from added), '50.50', 'one of them'
);
select throws_ok(
    $$ select core.contribution_add(-1, 3, -130.51) $$, 'PT422', 'That is more than is saved',
    'no more is taken out than there is'
);
select throws_ok($$ select core.contribution_add(-1, 3, 0) $$, 'PT422', null, 'nothing is none');
select throws_ok(
    $$ select core.contribution_add(-1, 1, 5) $$, 'PT409', null,
    'where an account says it, a booking is what is put in'
);
select throws_ok(
    $$ select core.contribution_add(-2, 3, 5) $$, 'PT404', 'No such financial goal',
    'a stranger puts nothing in'
);
select throws_ok(
    $$ select core.contribution_move(-1, 3, -1000) $$, 'PT422', null, 'however it is moved'
);
select is(
    (select core.contribution_drop(-1, min(id)) = min(id) from added), true,
    'one is taken back'
);
select is(core.goal_json(-1, 3) ->> 'saved', '80.00', 'and what is saved with it');

select * from finish();
