select plan(2);

select is(
    api.summary_read('2025-02-17', 'QQQ') ->> 'month', '2025-02-01', 'a month by any of its days'
);
select is(
    api.summary_read(_currency => 'QQQ') ->> 'month',
    ((core.spending_month((now() at time zone 'UTC')::date) - interval '1 month')::date)::text,
    'unsaid, the last one that is over'
);

select * from finish();
