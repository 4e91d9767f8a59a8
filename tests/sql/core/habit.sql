select plan(11);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on, is_active)
values
    (-1, 1, 'Checking', 'USD', '2020-01-01', true),
    (-1, 2, 'Savings', 'USD', '2020-01-01', true),
    (-1, 3, 'Abroad', 'EUR', '2020-01-01', true);

create function pg_temp.book(
    _id bigint, _account_id bigint, _amount numeric, _day date, _payee text,
    _transfer_id bigint default null
)
returns void language sql as $$
    insert into data.transactions (
        user_id, id, account_id, amount, transaction_date, description, counterparty, transfer_id
    )
    values (-1, _id, _account_id, _amount, _day, _payee, _payee, _transfer_id);
$$;
create function pg_temp.first(_account_id bigint, _as_of date default '2026-04-25')
returns text language sql as $$
    select string_agg(concat_ws(' ', day, cents, is_internal), ', ' order by day, cents)
    from core.habit_rows(-1, _as_of)
    where account_id = _account_id and day <= 60;
$$;

select is_empty($$ select * from core.habit_rows(-1, '2026-04-25') $$, 'no bookings, no habits');

select pg_temp.book(month, 1, 2000, make_date(2026, month, 12), 'Employer')
from generate_series(1, 4) as month;
select is(
    pg_temp.first(1), '17 200000 f, 48 200000 f',
    'a salary of the 12th is due on each 12th, in cents, by days from the day of asking'
);
select is(
    (select count(*) from core.habit_rows(-1, '2026-04-25')), 13::bigint,
    'for as long as 400 days'
);
select is(
    (select max(day) <= 400 and min(day) > 0 from core.habit_rows(-1, '2026-04-25')), true,
    'all of them later than that day'
);
select is(
    pg_temp.first(1, '2026-04-11'), '1 200000 f, 31 200000 f',
    'what was booked later is not looked at: the 12th of April is still to come'
);

-- To savings on the 20th: both legs are bookings of the owner.
select
    pg_temp.book(10 + month, 1, -300, make_date(2026, month, 20), 'Savings plan', 10 + month),
    pg_temp.book(20 + month, 2, 300, make_date(2026, month, 20), 'Savings plan', 10 + month)
from generate_series(1, 4) as month;
select is(
    pg_temp.first(1), '17 200000 f, 25 -30000 t, 48 200000 f, 56 -30000 t',
    'a transfer leaves its account, and the money stays the owner''s'
);
select is(pg_temp.first(2), '25 30000 t, 56 30000 t', 'and arrives on the other one');

update data.transactions set account_id = 3 where user_id = -1 and account_id = 2;
select is(
    pg_temp.first(3), '25 30000 f, 56 30000 f',
    'a transfer to an account that the total leaves out does change the total'
);
select is(
    pg_temp.first(1), '17 200000 f, 25 -30000 f, 48 200000 f, 56 -30000 f', 'on both its legs'
);

update data.transactions set account_id = 2 where user_id = -1 and account_id = 3;
update data.accounts set is_active = false where user_id = -1 and id = 1;
select is(
    pg_temp.first(2), '25 30000 f, 56 30000 f',
    'what comes from an account that the total leaves out is new to it'
);
update data.accounts set is_active = true where user_id = -1 and id = 1;
update data.transactions set account_id = 3 where user_id = -1 and account_id = 2;

select pg_temp.book(30 + month, 1, -9, ('2026-01-01'::date + month * month * 3), 'Corner shop')
from generate_series(1, 5) as month;
select is(
    pg_temp.first(1), '17 200000 f, 25 -30000 f, 48 200000 f, 56 -30000 f',
    'what comes without a rhythm is no habit'
);

select * from finish();
