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
insert into data.goal_contributions (user_id, financial_goal_id, amount, contributed_on)
values (-1, 3, 60, '2025-03-10');

select results_eq(
    $$ select id, saved_cents from core.goal_rows(-1) $$,
    $$ values (1::bigint, 40000::bigint), (2, 30000), (3, 10000), (4, 0) $$,
    'an account fills its goals by their priority, none beyond its target'
);
update data.financial_goals set is_active = false where user_id = -1 and id = 2;
select results_eq(
    $$ select id, saved_cents from core.goal_rows(-1, '2025-03-09') where id <= 3 $$,
    $$ values (1::bigint, 50000::bigint), (2, 0), (3, 4000) $$,
    'a goal that is put away holds nothing; what was put in later is not there yet'
);
update data.financial_goals set is_active = true where user_id = -1 and id = 2;
select results_eq(
    $$ select core.goal_number('2025-01-31', day)
       from unnest('{2025-01-30,2025-01-31,2025-02-27,2025-02-28,2025-03-30}'::date[]) as day $$,
    $$ values (-1), (0), (0), (1), (1) $$,
    'days of a rhythm are counted from its first'
);
select results_eq(
    $$ select on_day, cents from core.goal_moves(-1, 3, '2025-01-31', '2025-12-31')
       order by on_day $$,
    $$ values
        (date '2025-02-28', -4000::bigint), (date '2025-03-31', -4000), (date '2025-04-30', -4000),
        (date '2025-05-31', -4000), (date '2025-06-30', -4000), (date '2025-07-31', -1000) $$,
    'monthly is put aside until the target, the last time what is left'
);
select is(
    (select count(*) from core.goal_moves(-1, 3, '2025-01-31', '2025-03-31')), 2::bigint,
    'up to a day, and that one too'
);
select is_empty(
    $$ select from core.goal_moves(-1, 4, '2025-01-31', '2025-12-31') $$,
    'a goal in another currency takes nothing from the plan'
);
select results_eq(
    $$ select distinct financial_goal_id from core.goal_moves(-1, null, '2025-01-31', '2025-12-31')
    $$,
    $$ values (3::bigint) $$, 'all that are not reached, when none is named'
);
select is(core.goal_json(-1, 2) ->> 'saved', '300.00', 'one goal');
select is(core.goal_json(-2, 2)::text, null, 'a stranger has none');

select * from finish();
