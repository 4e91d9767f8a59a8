select plan(16);

select is(
    core.list_dates('2026-02-27', 3), '"2026-02-27","2026-02-28","2026-03-01"',
    'days pass the end of a month'
);
select is(core.list_dates('2026-03-01', 1), '"2026-03-01"', 'the first of a month alone');
select is(
    core.list_dates('2023-12-31', 3660),
    (
        select string_agg(to_json(day::date)::text, ',' order by day)
        from generate_series('2023-12-31'::date, '2023-12-31'::date + 3659, '1 day') as day
    ),
    'ten years are as to_json writes them'
);
select is(core.list_dates('2200-12-31', 2), '"2200-12-31","2201-01-01"', 'the end of the calendar');
select is(
    core.list_marks('2026-01-31', 30), '{2026-02-01,2026-03-01}', 'the firsts of the months after'
);
select is(core.list_marks('2026-01-01', 31), '{}', 'not of the month that it starts in');

-- Two steps: two days with 1.50 in, one day with 2 out.
create function pg_temp.columns(_fields text[])
returns text language sql as $$
    select core.list_columns(
        _fields, '2026-01-31', 3, '11.50,11.50,9.50,', '{2,1}', '{150,0}', '{0,-200}', '{1150,950}',
        1000, 950
    );
$$;

select is(
    pg_temp.columns('{date}'), ',"columns":{"date":["2026-01-31","2026-02-01","2026-02-02"]}',
    'one column'
);
select is(
    pg_temp.columns('{opening_balance}'), ',"columns":{"opening_balance":[10.00,11.50,11.50]}',
    'a day opens as the one before it closed'
);
select is(pg_temp.columns('{income}'), ',"columns":{"income":[1.50,0.00,0.00]}', 'income once');
select is(
    pg_temp.columns('{expenses}'), ',"columns":{"expenses":[0.00,0.00,-2.00]}', 'spending once'
);
select is(
    pg_temp.columns('{net_change}'), ',"columns":{"net_change":[1.50,0.00,-2.00]}', 'and their sum'
);
select is(
    pg_temp.columns('{balance_status}'),
    ',"columns":{"balance_status":["healthy","healthy","warning"]}',
    'a balance at a threshold has reached it'
);
select is(
    pg_temp.columns('{closing_balance,income}'),
    ',"columns":{"income":[1.50,0.00,0.00],"closing_balance":[11.50,11.50,9.50]}',
    'columns keep their order, whatever the order they are asked in'
);
select is(
    pg_temp.columns('{plan}'), ',"columns":{"plan":[11.50,11.50,9.50]}',
    'the plan is what it closes with'
);
select is(
    core.list_columns(
        '{income,p50}', '2026-01-31', 3, '11.50,11.50,9.50,', '{2,1}', '{150,0}', '{0,-200}',
        '{1150,950}', 1000, 950, '"p50":[11.00,10.50,9.00]'
    ),
    ',"columns":{"income":[1.50,0.00,0.00],"p50":[11.00,10.50,9.00]}',
    'what is expected comes after what is planned'
);
select is(
    core.list_months(
        '{2026-02-01}', '{2026-01-30,2026-01-31,2026-02-01}', '{0,150,0}', '{-50,0,0}',
        '{950,1100,1100}'
    ),
    '{"month":"2026-01","income":1.50,"expenses":-0.50,"net_change":1.00,'
        || '"closing_balance":11.00,"lowest_balance":9.50},'
        || '{"month":"2026-02","income":0.00,"expenses":0.00,"net_change":0.00,'
        || '"closing_balance":11.00,"lowest_balance":11.00}',
    'each month with its sums, its end and its lowest day'
);

select * from finish();
