select plan(12);

insert into data.users (id, currency) values (-1, 'USD');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Abroad', 'EUR', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'Home');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 1, 1, 'Food'), (-1, 2, 1, 'Fun');
-- Half a year: food for 20 to 24 every other day, rent that nobody planned, fun once a month.
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, subcategory_id
)
select -1, 1000 + day, 1, -20 - day % 5, '2026-02-28'::date - day, 'Food', 'Grocer', 1
from generate_series(0, 360, 2) as day
union all
select
    -1, 2000 + month, 1, -800, ('2026-02-01'::date - make_interval(months => month))::date,
    'Rent', 'Landlord', null
from generate_series(0, 9) as month
union all
select
    -1, 3000 + month, 1, -50, ('2026-02-10'::date - make_interval(months => month))::date,
    'Out', concat('Place ', month), 2
from generate_series(0, 9) as month;

create function pg_temp.book(_id bigint, _amount numeric, _day date, _who text, _what bigint)
returns void language sql as $$
    insert into data.transactions (
        user_id, id, account_id, amount, transaction_date, description, counterparty,
        subcategory_id
    )
    values (-1, _id, 1, _amount, _day, 'Bought', _who, _what);
$$;
create function pg_temp.told() returns text language sql as $$
    select string_agg(
        concat_ws(' ', scope, amount, facts ->> 'usual', facts ->> 'compared_with'), ', '
        order by id
    )
    from data.alerts;
$$;

select is(core.splurge_raise('{-1}', '2026-02-28'), 0, 'the usual is not told');
select pg_temp.book(1, -800, '2026-03-01', 'Landlord', null);
select is(core.splurge_raise('{-1}', '2026-03-01'), 0, 'a rent that nobody planned is usual');
select pg_temp.book(2, -160, '2026-03-02', 'grocer', 1);
select is(
    core.splurge_raise('{-1}', '2026-03-03'), 1,
    'a booking far above its counterparty''s is told'
);
select is(pg_temp.told(), 'booking -160.00 22.00 counterparty', 'with what is usual there');
select results_eq(
    $$ select transaction_id, transaction_ids, shortfall, facts ->> 'label', facts ->> 'times',
           (facts ->> 'value_count')::integer, (facts ->> 'edge')::numeric
       from data.alerts $$,
    $$ values (2::bigint, '{2}'::bigint[], 138.00, 'grocer', '7.3', 181, 57.20) $$,
    'and the numbers that explain it'
);
select is(
    core.splurge_raise('{-1}', '2026-03-04'), 0,
    'never twice, and its day and month do without it'
);
delete from data.alerts;
update data.transactions set amount = -160000 where user_id = -1 and id = 2;
update data.transactions set amount = amount * 1000 where user_id = -1 and id <> 2;
select core.splurge_raise('{-1}', '2026-03-03');
select is(pg_temp.told(), 'booking -160000.00 22000.00 counterparty', 'there is no scale');
delete from data.alerts;
update data.transactions set amount = amount / 1000 where user_id = -1;
update data.transactions set transaction_date = '2026-02-20' where user_id = -1 and id = 2;
select is(core.splurge_raise('{-1}', '2026-03-03'), 0, 'what is older than a week is past');

-- Four outings, each as usual for its kind; the month is not.
select pg_temp.book(10 + number, -60, '2026-03-08'::date + number, 'Bar ' || number, 2)
from generate_series(1, 4) as number;
select core.splurge_raise('{-1}', '2026-03-12');
select is(pg_temp.told(), 'month -240.00 50.00 subcategory', 'a month of a subcategory');
select is(
    (select transaction_ids from data.alerts), '{11,12,13,14}'::bigint[], 'with all its bookings'
);
select is(core.splurge_raise('{-1}', '2026-03-13'), 0, 'once');
select core.splurge_raise('{-1}', '2026-04-20');
select is((select status from data.alerts), 'ended', 'over after a month');

select * from finish();
