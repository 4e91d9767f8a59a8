select plan(10);
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

select results_eq(
    $$ select basis, opening_cents, plan_cents[14:16], cardinality(p50_cents)
       from core.pace_course(-1, '2025-01-31', 365) $$,
    $$ values ('plan', 170000::bigint, '{170000,171000,171000}'::bigint[], 365) $$,
    'the days after today, from the balance of today on'
);
-- Ten months of 200.00 in and 150.00 out that nobody planned: the plan knows nothing of them.
insert into data.accounts (user_id, id, name, currency, opened_on, opening_balance, current_balance)
values (-2, 1, 'Checking', 'USD', '2024-04-01', 0, 500);
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
select -2, 1, move.amount, month_on::date + move.day, 'Booked'
from generate_series('2024-04-01'::timestamp, '2025-01-01', '1 month') as month_on
cross join (values (200, 0), (-150, 20)) as move (amount, day);
select results_eq(
    $$ select course.basis, course.p50_cents = expected.p50_cents,
           course.p50_cents[365] <> course.plan_cents[365]
       from core.pace_course(-2, '2025-01-31', 365) as course
       cross join core.expectation_arrays('{-2}', '2025-01-31', 365) as expected
       where expected.account_id is null $$,
    $$ values ('history', true, true) $$,
    'the pace is what is expected, not what is scheduled'
);
-- 120.00 a year: the roof waits for nothing but its own 100.00, the bike for that and 150.00.
select results_eq(
    $$ select id, left_cents, ahead_cents, pace_on - date '2025-01-31'
       from core.pace_rows(-1, '2025-01-31', 12000) $$,
    $$ values
        (2::bigint, 0::bigint, 0::bigint, 0), (4, 90000, 0, null), (1, 10000, 0, 305),
        (3, 15000, 10000, 761) $$,
    'what is left over goes to the goals in their order'
);
select results_eq(
    $$ select id, monthly_count, monthly_on, needed_count, needed_cents
       from core.pace_rows(-1, '2025-01-31', 12000) where id in (1, 3) $$,
    $$ values
        (1::bigint, null::bigint, null::date, null::integer, null::bigint),
        (3, 4, date '2025-05-31', 3, 5000) $$,
    'monthly until the target, and what is needed each time until its day'
);
select is_empty(
    $$ select from core.pace_rows(-1, '2025-01-31', 0) where pace_on > '2025-01-31' $$,
    'where nothing is left over, no goal is reached'
);
update data.financial_goals set target_on = '2025-02-27' where user_id = -1 and id = 3;
select results_eq(
    $$ select needed_count, needed_cents from core.pace_rows(-1, '2025-01-31', 0, 3) $$,
    $$ values (0, null::bigint) $$, 'no day to put anything aside, no amount that would do'
);
create temporary table effects as
select core.pace_effect(-1, 3, '2025-02-20', '{100,200,50,90,80,70,60,100,90,4300,4100}',
    '{100,200,50,90,80,70,60,4100,90,4000,4100}') as said;
-- On 28 February, day 8, 40.00 is put aside.
select is((select said ->> 'put_aside' from effects), '40.00', 'all that is put aside');
select is(
    (select said -> 'plan' from effects)::text,
    '{"before" : {"lowest_balance" : 0.50, "lowest_on" : "2025-02-23"}, '
    '"after" : {"lowest_balance" : -39.10, "lowest_on" : "2025-03-01"}}',
    'the lowest balance of the plan before and after'
);
select is(
    (select said #>> '{expected,after,lowest_balance}' from effects), '-39.10', 'and as expected'
);
select is(
    core.pace_lowest('2025-01-31', '{5,3,3}')::text,
    '{"lowest_balance" : 0.03, "lowest_on" : "2025-02-02"}', 'the first of the lowest days'
);

select * from finish();
