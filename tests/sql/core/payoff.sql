select plan(15);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC');
insert into data.debts (user_id, id, name, balance, currency, apr, minimum_payment, is_active)
values
    (-1, 1, 'Card', 300, 'USD', 0.24, 20, true),
    (-1, 2, 'Car', 500, 'USD', 0.06, 30, true),
    (-1, 3, 'Old', 300, 'USD', 0.12, 10, true),
    (-1, 4, 'Paid', 0, 'USD', 0.30, 10, true),
    (-1, 5, 'Away', 100, 'USD', 0.30, 10, false),
    (-1, 6, 'Euro', 100, 'EUR', 0.30, 10, true);

select results_eq(
    $$ select month, interests[1], payments[1], balances[1]
       from core.payoff_months('{10000}', '{120000}', '{5000}') $$,
    $$ values (1, 100::bigint, 5000::bigint, 5100::bigint), (2, 51, 5000, 151), (3, 2, 153, 0) $$,
    'a twelfth of the rate each month, and the last payment is what is left'
);
select results_eq(
    $$ select interests[1] from core.payoff_months('{50}', '{120000}', '{100}')
       union all
       select interests[1] from core.payoff_months('{49}', '{120000}', '{100}') $$,
    $$ values (1::bigint), (0) $$,
    'half a cent is a cent, less is none'
);
select results_eq(
    $$ select month, payments, balances from core.payoff_months(
           '{3000,10000}', '{0,0}', '{2000,2000}', 500
       ) $$,
    $$ values
        (1, '{2500,2000}'::bigint[], '{500,8000}'::bigint[]),
        (2, '{500,4000}', '{0,4000}'),
        (3, '{0,4000}', '{0,0}') $$,
    'a minimum that is free goes to the next debt, in the same month already'
);
select results_eq(
    $$ select month, payments from core.payoff_months(
           '{3000,10000}', '{0,0}', '{2000,5000}', 0, 4000, 2
       ) $$,
    $$ values
        (1, '{2000,5000}'::bigint[]), (2, '{1000,5000}') $$,
    'a lump sum is paid in its month, and no more than is owed'
);
select results_eq(
    $$ select month, payments from core.payoff_months(
           '{3000,6000}', '{0,0}', '{2000,2000}', 500, _is_rolling => false
       ) $$,
    $$ values (1, '{2000,2000}'::bigint[]), (2, '{1000,2000}'), (3, '{0,2000}') $$,
    'by minimums alone nothing goes from one debt to another'
);
select is(
    (select max(month) from core.payoff_months('{100000}', '{120000}', '{1000}')), 1,
    'a payment that is the interest changes nothing'
);
select is(
    (select count(*) from core.payoff_months('{100000}', '{120000}', '{1000}', 0, 100000, 30)),
    30::bigint, 'unless a lump sum is still to come'
);
select ok(
    (select count(*) <= 1200 and bool_and(0 < all (balances))
     from core.payoff_months('{100000}', '{5000000}', '{1000}')),
    'a debt that grows is followed until it has outgrown everybody'
);
select is(
    (select count(*) from core.payoff_months('{120000}', '{0}', '{100}')), 1200::bigint,
    'a hundred years are allowed'
);
select is_empty(
    $$ select month from core.payoff_months(null, null, null) $$, 'no debts, no months'
);
select is(core.payoff_payment(1000, 0, 12), 83.34, 'without interest, an equal part');
select is(
    core.payoff_payment(200000, 0.065, 360), 1264.14, 'the annuity of 1,264.136 to the next cent'
);
select throws_ok(
    $$ select core.payoff_payment(1000, 0, 0) $$, 'PT422', null, 'one month at least'
);
select results_eq(
    $$ select core.payoff_day('2025-12-31', month) from generate_series(1, 4) as month $$,
    $$ values
        (date '2025-12-31'), (date '2026-01-31'), (date '2026-02-28'), (date '2026-03-31') $$,
    'each day is counted from the first'
);
select results_eq(
    $$ select way, string_agg(name, ' ' order by place)
       from unnest(array['avalanche', 'minimums', 'snowball']) as way
       cross join lateral core.payoff_debts(-1, '2025-01-01', 'USD', way)
       group by way order by way $$,
    $$ values
        ('avalanche', 'Card Old Car'), ('minimums', 'Card Car Old'), ('snowball', 'Card Old Car')
    $$,
    'highest rate or smallest balance first, then the other; what is not owed has no place'
);

select * from finish();
