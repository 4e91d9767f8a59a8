select plan(13);

insert into data.users (id, timezone, currency)
values (-1, 'UTC', 'USD'), (-2, 'UTC', 'USD');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2020-01-01', 100, 117),
    (-1, 2, 'Savings', 'USD', '2020-01-01', 10, 10),
    (-2, 1, 'Checking', 'USD', '2020-01-01', 100, 100);
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values
    (-1, 1, 20, '2026-01-03', 'In'),
    (-1, 1, -5, '2026-01-05', 'Out'),
    (-1, 1, 2, '2026-01-20', 'In');

-- As of the 1st: 100.00 is right for a day, p50 says 110 all the week; the 5th has 115 in fact.
insert into data.forecast_runs (
    user_id, as_of, days, currency, account_ids, basis, reserve_cents, opening_cents, risk_7,
    plan_cents, p10_cents, p50_cents, p90_cents, below_permille
)
select
    -1, as_of, 7, currency, accounts, 'plan', 10100, 10000, 0.5, array_fill(10000::bigint, '{7}'),
    array_fill(10500::bigint, '{7}'), array_fill(11000::bigint, '{7}'),
    array_fill(11700::bigint, '{7}'), array_fill(0::smallint, '{7}')
from (
    values
        (date '2026-01-01', 'USD', '{1}'::bigint[]),
        ('2026-01-02', 'EUR', '{1}'),
        ('2026-01-03', 'USD', '{1,9}'),
        ('2026-01-12', 'USD', '{1}')
) as run (as_of, currency, accounts);

select results_eq(
    $$select as_of from core.accuracy_runs(-1, '2026-01-18')$$, $$values (date '2026-01-01')$$,
    'a run of another currency, of an account that is gone, or of this week is not judged'
);
select results_eq(
    $$select * from core.accuracy_counts(-1, '2026-01-18')$$,
    $$values ('USD', 4::bigint, 1::bigint, 1::bigint)$$, 'how many there are, are judged, are young'
);
-- Days 2 to 8: 100, 120, 120, 115, 115, 115, 115.
create temporary table score on commit drop as
select * from core.accuracy_scores(-1, '2026-01-18');
select is((select count(*) from score), 1::bigint, 'of a week the week alone is known');
select is(
    (select round(error, 4) from score), round(5000 / 7.0, 4), 'p50 - what happened'
);
select is(
    (select round(flat_error, 4) from score), round(10000 / 7.0, 4),
    'flat: the balance of the day of the run stays'
);
select is(
    (select round(bias, 4) from score), round(-3000 / 7.0, 4), 'too low by the mean'
);
select is(
    (select round(coverage, 4) from score), round(4 / 7.0, 4), 'days within the band'
);
select is((select width from score), 1200.0, 'how wide the band is');
select results_eq(
    'select risk, is_below from score', 'values (0.500, true)',
    'what was said of the reserve, and what came'
);
select results_eq(
    $$select
          horizon_days, runs, stretches, error, relative_to_flat, plan_relative_to_flat,
          below_reserve
      from core.accuracy_rows(-1, '2026-01-19') where horizon_days <= 30$$,
    $$values
        (7, 2::bigint, 2::bigint, 6.07, 0.415, 1.000, 0.500),
        (30, 0, 0, null, null, null, null)$$,
    'a run counts when its last day is known; a horizon without one is there, with nothing'
);
select is(
    (select error from core.accuracy_rows(-1, '2026-01-18') where horizon_days = 7), 7.14,
    'what is booked later changes nothing'
);
select results_eq(
    'select horizon_days, runs from core.accuracy_rows(-2, current_date)',
    $$values (7, 0::bigint), (30, 0), (90, 0), (180, 0), (365, 0)$$,
    'without runs there are five horizons of which nothing is known'
);
insert into data.forecast_runs (
    user_id, as_of, days, currency, account_ids, basis, reserve_cents, opening_cents,
    plan_cents, p10_cents, p50_cents, p90_cents, below_permille
)
select
    -2, '2025-01-01', 7, 'USD', '{1}', 'plan', 0, 10000, path, path, path, path,
    array_fill(0::smallint, '{7}')
from (select array_fill(10000::bigint, '{7}') as path) as flat;
select results_eq(
    $$select error, relative_to_flat, coverage from core.accuracy_rows(-2, '2026-01-01')
      where horizon_days = 7$$,
    'values (0.00, null::numeric, 1.000)', 'where nothing moved, nothing is relative to it'
);

select * from finish();
