select plan(14);

insert into data.users (id) values (-1), (-2);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01'), (-2, 1, 'Checking', 'USD', '2020-01-01');
create function pg_temp.book(_user_id bigint, _amount numeric, _day date)
returns void language sql as $$
    insert into data.transactions (user_id, account_id, amount, transaction_date, description)
    values (_user_id, 1, _amount, _day, 'Booking');
    update data.accounts set current_balance = current_balance + _amount
    where user_id = _user_id and id = 1;
$$;
create function pg_temp.months(_as_of date default '2025-12-31')
returns table (flows numeric[], counts integer[]) language sql as $$
    select
        array(select trim_scale(round(flow::numeric, 5)) from unnest(month_flows) as flow),
        month_counts
    from core.sample_months('{-1}', _as_of);
$$;

-- Two years: 300 in on each 1st, 150 out on each last day, 300 more in December.
select
    pg_temp.book(-1, 300, start::date),
    pg_temp.book(
        -1, case extract(month from start) when 12 then -450 else -150 end,
        (start + interval '1 month - 1 day')::date
    )
from generate_series('2024-01-01'::timestamp, '2025-12-01', '1 month') as start;

select is(
    (select counts from pg_temp.months()), '{1,1,1,2,2,2,2,2,2,2,2,2}'::integer[],
    'months that begin in the first 90 days of an account are left out'
);
select is(
    (select flows[1:11] from pg_temp.months()), array_fill(0::numeric, '{11}'),
    'the median month is nothing'
);
select is(
    (select flows[12] from pg_temp.months()),
    round(-300 / (3600 * 30.4375 / 365) * 2 / 52, 5),
    'December is 300 less, in months of income, and believed as far as it was seen: 2 of 52'
);
select is(
    (select counts[12] from pg_temp.months('2025-12-30')), 1,
    'a month that is not over is not counted, whatever is booked later'
);
select is(
    (select row(flows[1], counts[1])::text from pg_temp.months('2024-11-30')), '(0,0)',
    'a month that nobody has seen is 0'
);

-- One year of the same for another owner: cuts on 10 December and every 45 days back while there
-- are 120 days of history.
select pg_temp.book(-2, 300, '2025-01-01');
select pg_temp.book(-2, -10, '2025-12-15'), pg_temp.book(-2, 4, '2025-12-31');
select pg_temp.book(-2, 7, '2026-01-01');
create function pg_temp.take(
    _user_ids bigint[], _share double precision default 1, _on date default '2025-12-31'
)
returns bigint language sql as $$
    select core.sample_take(_user_ids, _on, array_fill(0::double precision, '{12}'), _share);
$$;
select is(pg_temp.take('{-2}', 0), 0::bigint, 'a share of nothing takes nothing');
select cmp_ok(pg_temp.take('{-2}'), '>', 0::bigint, 'windows are taken, a row a day');
select is(
    (select array_agg(distinct cut_on) from data.expectation_samples where user_id = -2),
    '{2025-06-13,2025-07-28,2025-09-11,2025-10-26,2025-12-10}'::date[],
    'a window begins 21 days before the last booking and every 45 days back'
);
select is(
    (select array_agg(day order by day) from data.expectation_samples
     where user_id = -2 and cut_on = '2025-12-10'),
    '{1,2,3,4,5,6,7,8,10,12,15,16,18,20}'::integer[],
    'and is followed up to the last booking'
);
select is(
    (select array_agg(round((change * 300 / (344 / 30.4375))::numeric, 4) order by day)
     from data.expectation_samples
     where user_id = -2 and cut_on = '2025-12-10' and day in (4, 5, 20)),
    '{0,-10,-10}'::numeric[],
    'change is what happened since the cut, in months of income (300 in 344 days)'
);
select is(
    (select round((lowest * 300 / (344 / 30.4375))::numeric, 4) from data.expectation_samples
     where user_id = -2 and cut_on = '2025-12-10' and day = 20),
    -10.0000, 'lowest is the least of it so far'
);
select is(pg_temp.take('{-2}'), 0::bigint, 'taking again takes nothing twice');

create temporary table singles as select * from data.expectation_samples where false;
select pg_temp.take('{-1}');
insert into singles select * from data.expectation_samples;
delete from data.expectation_samples;
select pg_temp.take('{-2,-1}');
select results_eq(
    $$ select * from data.expectation_samples order by user_id, account_id, cut_on, day $$,
    $$ select * from singles order by user_id, account_id, cut_on, day $$,
    'owners together give the windows of each alone'
);

delete from data.expectation_samples;
select pg_temp.take('{-1}');
select is(
    (select count(distinct cut_on) from data.expectation_samples where user_id = -1),
    14::bigint, 'sixteen windows at most, fewer in a short ledger'
);

select * from finish();
