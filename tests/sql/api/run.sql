select plan(5);
select set_config('app.user_id', '-1', true);

insert into data.users (id, timezone) values (-1, 'UTC'), (-2, 'UTC');
insert into data.forecast_runs (
    user_id, as_of, days, currency, account_ids, basis, reserve_cents, opening_cents, risk_7,
    plan_cents, p10_cents, p50_cents, p90_cents, below_permille
)
select
    person, as_of, 2, 'USD', '{}', 'plan', 2000, 5000, 0.25, '{5100,5200}', '{4000,4100}',
    '{5000,4900}', '{6000,6100}', '{0,125}'
from generate_series(-2, -1) as person
cross join unnest('{2026-01-01,2026-01-02,2026-01-03}'::date[]) as as_of
where person = -1 or as_of < '2026-01-02';

create temporary table first as select api.run_list(-1, 2) as page;
select is(
    (select array_agg(item ->> 'as_of') from first, json_array_elements(page -> 'items') as item),
    '{2026-01-03,2026-01-02}', 'newest first'
);
select is(
    (select api.run_list(-1, 2, page ->> 'next_cursor') #>> '{items,0,as_of}' from first),
    '2026-01-01', 'page by page'
);
select is(
    (api.run_read(-1, '2026-01-02') -> 'lowest_p10')::text,
    '{"on": "2026-01-03", "balance": 40.00}', 'a run says its lowest balance'
);
select is(
    api.run_read(-1, '2026-01-02') #>> '{columns,below_reserve}', '[0.000, 0.125]', 'and its days'
);
select throws_ok(
    $$select api.run_read(-2, '2026-01-02')$$, 'PT404', 'No such run', 'no run of that day'
);

select * from finish();
