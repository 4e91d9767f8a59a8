select plan(5);
select set_config('app.user_id', '-1', true);

insert into data.users (id, timezone, currency) values (-1, 'Pacific/Kiritimati', 'USD');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values (-1, 1, 'Checking', 'USD', '2020-01-01', 50, 57);
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values (-1, 1, 7, current_date - 20, 'In');
insert into data.forecast_runs (
    user_id, as_of, days, currency, account_ids, basis, reserve_cents, opening_cents, risk_7,
    plan_cents, p10_cents, p50_cents, p90_cents, below_permille
)
select
    -1, current_date - age, 7, 'USD', '{1}', 'plan', 2000, 5000, 0.25, path, path, path, path,
    array_fill(0::smallint, '{7}')
from (select array_fill(5350::bigint, '{7}') as path) as flat
cross join unnest('{3,21,30}'::integer[]) as age;

create temporary table answer as select api.accuracy_read(-1) as said;
select is(
    (select said #>> '{as_of}' from answer),
    ((now() at time zone 'Pacific/Kiritimati')::date - 1)::text,
    'what was booked by the end of yesterday, where its owner lives, is what happened'
);
select is(
    (select concat_ws(' ', said ->> 'runs', said ->> 'judged', said ->> 'too_young') from answer),
    '3 2 1', 'how many runs there are, how many can be judged, how many are too young'
);
select results_eq(
    $$select (score ->> 'days')::integer, (score ->> 'runs')::integer, score ->> 'is_few'
      from answer, json_array_elements(said -> 'horizons') as score$$,
    $$values (7, 2, 'true'), (30, 0, 'true'), (90, 0, 'true'), (180, 0, 'true'), (365, 0, 'true')$$,
    'few runs are said to be few'
);
select is(
    (select said #>> '{horizons,0,relative_to_flat}' from answer), '1.000',
    'half right twice is no better than flat'
);
select is(
    (api.accuracy_read(-1, '2100-01-01')) ->> 'as_of',
    (now() at time zone 'Pacific/Kiritimati')::date::text, 'nobody knows tomorrow'
);

select * from finish();
