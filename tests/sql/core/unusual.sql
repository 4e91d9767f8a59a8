select plan(8);

insert into data.users (id, currency) values (-1, 'USD');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Abroad', 'EUR', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'Home');
insert into data.subcategories (user_id, id, category_id, name) values (-1, 1, 1, 'Food');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values (-1, 1, 'expense', 'Insurance', -900, 1, 'yearly', '2026-03-02', '2026-01-01');
-- Every third day 30 at another place, half of them filed.
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, subcategory_id
)
select
    -1, 1000 + day, 1, -30, '2026-02-28'::date - day, 'Shop', concat('Place ', day),
    case when day % 2 = 0 then 1 end
from generate_series(0, 300, 3) as day;

create function pg_temp.book(
    _id bigint, _amount numeric, _day date, _filed bigint default null, _account bigint default 1,
    _item bigint default null
)
returns void language sql as $$
    insert into data.transactions (
        user_id, id, account_id, amount, transaction_date, description, subcategory_id,
        recurring_item_id
    )
    values (-1, _id, _account, _amount, _day, 'Bought', _filed, _item);
$$;
create function pg_temp.odd(_as_of date, _least numeric default 0) returns text
language sql as $$
    select string_agg(
        concat_ws(' ', scope, subject, spent, usual, compared_with, value_count), ', '
        order by scope
    )
    from core.unusual_rows(-1, _as_of, 4, _least);
$$;

select pg_temp.book(1, -200, '2026-03-02');
select is(
    pg_temp.odd('2026-03-02'), 'booking booking/1 200.00 30.00 all 101',
    'a place that nobody knows is compared with all bookings'
);
select is(pg_temp.odd('2026-03-02', 171), null, 'what lies less above the usual than asked is not');
select is(pg_temp.odd('2026-03-09'), null, 'a week later it is past');
update data.transactions set subcategory_id = 1 where user_id = -1 and id = 1;
select is(
    pg_temp.odd('2026-03-02'), 'booking booking/1 200.00 30.00 subcategory 51',
    'a filed one with those of its kind'
);
update data.transactions set amount = -900, recurring_item_id = 1 where user_id = -1 and id = 1;
select is(
    pg_temp.odd('2026-03-02'), null, 'one that the plan knew is no surprise, nor is its day'
);
update data.transactions set account_id = 2 where user_id = -1 and id = 1;
select is(pg_temp.odd('2026-03-02'), null, 'money of another currency is not looked at');
delete from data.transactions where user_id = -1 and id = 1;

select pg_temp.book(10 + number, -40, '2026-03-03') from generate_series(1, 4) as number;
select is(
    pg_temp.odd('2026-03-03'), 'day day/2026-03-03 160.00 30.00 all 60', 'a day of many bookings'
);
insert into data.alerts (
    user_id, kind, scope, subject, on_day, until_on, currency, amount, shortfall, facts,
    told_on_day, told_amount, raised_on, transaction_ids
)
values (
    -1, 'unusual_spending', 'day', 'day/2026-03-03', '2026-03-03', '2026-03-03', 'USD', -160, 130,
    '{}', '2026-03-03', -160, '2026-03-03', '{11,12,13,14}'
);
select is(pg_temp.odd('2026-03-03'), null, 'what was told is told');

select * from finish();
