select plan(9);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.debts (user_id, id, name, balance, currency, apr, minimum_payment)
values
    (-1, 1, 'Car', 90, 'USD', 0.12, 40),
    (-1, 2, 'Card', 100, 'USD', 0.24, 50),
    (-1, 3, 'Euro', 100, 'EUR', 0.24, 50);
create temporary table ways as
select way, core.repay_plan(-1, '2025-01-01', '2025-01-31', 'USD', way, 100000, 0, 1) as plan
from unnest(array['avalanche', 'minimums', 'snowball']) as way;

select is((select plan ->> 'months' from ways where way = 'minimums'), '3', 'without the extra');
select results_eq(
    $$ select plan ->> 'months', plan ->> 'payoff_on', plan ->> 'total_interest',
           plan ->> 'total_paid'
       from ways where way = 'avalanche' $$,
    $$ values ('1', '2025-01-31', '2.90', '192.90') $$,
    'what is enough at once is paid at once, with a month of interest'
);
-- Card: 100 + 2 - 50 = 52, + 1.04 - 50 = 3.04, + 0.06 = 3.10; car: 90 + 0.90 - 40 = 50.90,
-- + 0.51 - 40 = 11.41, + 0.11 = 11.52.
select results_eq(
    $$ select line ->> 'name', line ->> 'interest', line ->> 'paid', line ->> 'payoff_on'
       from ways cross join json_array_elements(plan -> 'debts') as line
       where way = 'minimums' $$,
    $$ values
        ('Car', '1.52', '91.52', '2025-03-31'), ('Card', '3.10', '103.10', '2025-03-31') $$,
    'each debt alone'
);
select results_eq(
    $$ select way, string_agg(line ->> 'name', ' ')
       from ways cross join json_array_elements(plan -> 'debts') as line
       where way <> 'minimums' group by way order by way $$,
    $$ values ('avalanche', 'Card Car'), ('snowball', 'Car Card') $$,
    'the highest rate, or the smallest balance'
);
update data.debts set minimum_payment = 2 where user_id = -1 and id = 2;
create temporary table endless as
select core.repay_plan(-1, '2025-01-01', '2025-01-31', 'USD', 'minimums', 0, 0, 1) as plan;
select results_eq(
    $$ select plan ->> 'is_finite', plan ->> 'months', plan ->> 'total_interest' from endless $$,
    $$ values ('false', null, null) $$, 'a payment that is the interest never ends a debt'
);
select results_eq(
    $$ select line ->> 'months', line ->> 'first_interest', line ->> 'first_payment'
       from endless cross join json_array_elements(plan -> 'debts') as line $$,
    $$ values ('3', '0.90', '40.00'), (null, '2.00', '2.00') $$,
    'and it says so, with what the first month costs and pays'
);
select is(
    core.repay_difference('{"months": 10, "total_interest": 5.5}',
        '{"months": 12, "total_interest": 8}')::text,
    '{"months" : 2, "interest" : 2.5}', 'a way saves what the other takes longer and costs more'
);
select results_eq(
    $$ select as_of, first_on, currency, extra_cents, excluded
       from core.repay_ground(-1, '2025-01-31', null, null, 5.5, null) $$,
    $$ values (date '2025-01-31', date '2025-02-28', 'USD', 550::bigint, '{3}'::bigint[]) $$,
    'the first payment is a month away; debts of another currency are named'
);
select throws_ok(
    $$ select from core.repay_ground(-1, '2025-01-31', '2025-01-30', null, 0, 0) $$, 'PT422', null,
    'no payment is in the past'
);

select * from finish();
