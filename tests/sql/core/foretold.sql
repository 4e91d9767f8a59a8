select plan(12);

select is(core.foretold_day(92), 92, 'a day each up to the 92nd');
select is(core.foretold_day(93), 99, 'then a week each');
select is(core.foretold_day(131), 365, 'the last of a year is its last day');
select is(
    core.foretold_kept(array(select generate_series(1, 365))),
    (
        select array_agg(core.foretold_day(place)::bigint order by place)
        from generate_series(1, 131) as place
    ),
    'of a year 131 days are kept, each the day that its place says'
);
select is(core.foretold_kept('{5,6}'), '{5,6}'::bigint[], 'a short path is kept whole');
select is(core.foretold_kept('{}'), '{}'::bigint[], 'an empty one stays empty');
select is(
    core.foretold_lowest('2026-01-31', '{300,-5,7,-5}')::text,
    '{"on" : "2026-02-02", "balance" : -0.05}', 'the lowest balance is on its first day'
);

insert into data.users (id, timezone) values (-1, 'UTC'), (-2, 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values (-1, 1, 'Checking', 'USD', '2020-01-01', 50, 57);
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values (-1, 1, 7, '2026-01-03', 'In');
insert into data.forecast_runs (
    user_id, as_of, days, currency, account_ids, basis, reserve_cents, opening_cents, risk_7,
    plan_cents, p10_cents, p50_cents, p90_cents, below_permille
)
select
    -1, as_of, 2, 'USD', accounts, 'plan', 2000, 5000, 0.25, '{5100,5200}', '{4000,4100}',
    '{5000,4900}', '{6000,6100}', '{0,125}'
from (
    values (date '2026-01-01', '{1}'::bigint[]), ('2026-01-02', '{1,9}')
) as run (as_of, accounts);
insert into data.forecast_runs (user_id, as_of, days, fault) values (-1, '2026-01-03', 2, '22003');

select results_eq(
    $$select as_of from core.foretold_page(-1, 'infinity', 5)$$,
    $$values (date '2026-01-02'), ('2026-01-01')$$, 'newest first; one with a fault is none'
);
select is_empty(
    $$select as_of from core.foretold_page(-2, 'infinity', 5)$$, 'nobody sees those of another'
);
select is(
    (core.foretold_json(-1, '2026-01-01') -> 'columns')::jsonb,
    '{
        "on_day": ["2026-01-02", "2026-01-03"],
        "plan": [51.00, 52.00],
        "p10": [40.00, 41.00],
        "p50": [50.00, 49.00],
        "p90": [60.00, 61.00],
        "below_reserve": [0.000, 0.125],
        "happened": [50.00, 57.00]
    }'::jsonb,
    'day by day, beside what the accounts held'
);
select is(
    core.foretold_json(-1, '2026-01-02') #>> '{columns,happened}', '[null, null]',
    'what happened is not known when an account is gone'
);
select ok(core.foretold_json(-1, '2026-01-03') is null, 'no run of the day is null');

select * from finish();
