select plan(25);

insert into data.users (id, currency) values (-1, 'USD'), (-2, 'USD');
insert into data.accounts (user_id, id, name, currency, opened_on, is_active)
values
    (-1, 1, 'Checking', 'USD', '2020-01-01', true),
    (-1, 2, 'Savings', 'USD', '2020-01-01', true),
    (-1, 3, 'Abroad', 'EUR', '2020-01-01', true),
    (-1, 4, 'Closed', 'USD', '2020-01-01', false),
    (-2, 1, 'Checking', 'USD', '2020-01-01', true);
create function pg_temp.book(
    _user_id bigint, _account_id bigint, _amount numeric, _day date,
    _transfer_id bigint default null
)
returns void language sql as $$
    insert into data.transactions (
        user_id, account_id, amount, transaction_date, description, transfer_id
    )
    values (_user_id, _account_id, _amount, _day, 'Booking', _transfer_id);
    update data.accounts set current_balance = current_balance + _amount
    where user_id = _user_id and id = _account_id;
$$;
create function pg_temp.state(
    _user_id bigint, _account_id bigint, _as_of date default '2026-03-31'
)
returns setof data.expectation_states language sql as $$
    select * from core.state_rows(_user_id, _as_of) where account_id = _account_id;
$$;

select results_eq(
    $$ select account_id from core.state_rows(-1, '2026-03-31') order by 1 $$,
    $$ values (0::bigint), (1), (2), (3) $$,
    'a state of each active account, and one of all in the owner''s currency'
);
select is(
    (select row(history_days, balance, scale, pace, thrift, sway, swing)::text
     from pg_temp.state(-1, 1)),
    '(0,0,0,0,0,0,0)', 'without bookings there is nothing to say'
);
select is_empty($$ select * from core.state_rows(-3, '2026-03-31') $$, 'nor of nobody');

-- 600 in on the 2nd, 50 out on the 12th, 100 out on the 31st, on top of 550: 1,150 from the 2nd,
-- 1,100 from the 12th, 1,000 on the 31st.
update data.accounts set current_balance = 550 where user_id = -1 and id = 1;
select
    pg_temp.book(-1, 1, 600, '2026-03-02'),
    pg_temp.book(-1, 1, -50, '2026-03-12'),
    pg_temp.book(-1, 1, -100, '2026-03-31');
select is(history_days, 30, 'history is counted from the first booking, both days included')
from pg_temp.state(-1, 1);
select is(balance::numeric, 100000::numeric, 'the balance of the day, in cents')
from pg_temp.state(-1, 1);
select is(scale::numeric(12, 2), 60875.00, 'scale: 600 in 30 days are 608.75 a month')
from pg_temp.state(-1, 1);
select is(
    mean_90::numeric(12, 2), 11333.33,
    'mean_90: the mean of 1 x 1,000, 19 x 1,100 and 10 x 1,150, less 1,000'
)
from pg_temp.state(-1, 1);
select is(mean_180, mean_90, 'a short history has one mean') from pg_temp.state(-1, 1);
select is(pace::numeric(6, 4), 0.0000, 'pace: the last 90 days are all there is')
from pg_temp.state(-1, 1);
select is(thrift::numeric(6, 4), 0.7500, 'thrift: a quarter of the income is spent')
from pg_temp.state(-1, 1);
select is(
    swing::numeric(12, 2), 3144.66, 'swing: the standard deviation of those 30 balances'
)
from pg_temp.state(-1, 1);
select is(
    (select row(profile[2], profile[11], profile[12], profile[30], profile[31])::text
     from pg_temp.state(-1, 1)),
    '(115000,115000,110000,110000,100000)', 'profile: the balance by day of the month'
);
select is(
    profile[1]::numeric(12, 2), 111333.33, 'the mean where no such day was seen'
)
from pg_temp.state(-1, 1);

-- What is booked after the day changes no state of it, but the balance that is held now.
create temporary table before as select * from core.state_rows(-1, '2026-03-31');
select pg_temp.book(-1, 1, 5000, '2026-04-01'), pg_temp.book(-1, 1, -777, '2026-09-01');
update before set held = core.state_held(-1);
select results_eq(
    $$ select * from core.state_rows(-1, '2026-03-31') order by account_id $$,
    $$ select * from before order by account_id $$,
    'nothing that is booked after the day changes a state of it'
);

-- A transfer of 200 from checking to savings.
select pg_temp.book(-1, 1, -200, '2026-03-20', 9), pg_temp.book(-1, 2, 200, '2026-03-20', 9);
select is(
    (select row(scale::numeric(12, 2), thrift::numeric(6, 4))::text from pg_temp.state(-1, 0)),
    '(60875.00,0.7500)', 'between an owner''s accounts nothing is earned or spent'
);
select is(
    (select row(thrift::numeric(6, 4))::text from pg_temp.state(-1, 1)),
    '(0.4167)', 'for the account it is spent: 350 of 600'
);
select is(
    (select row(scale::numeric(12, 2))::text from pg_temp.state(-1, 2)),
    '(50729.17)', 'and for the other one earned: 200 in 12 days'
);
select is(
    (select balance::numeric from pg_temp.state(-1, 0)),
    (select sum(balance::numeric) from core.state_rows(-1, '2026-03-31')
     where account_id in (1, 2)),
    'the total is the accounts in the owner''s currency together'
);

-- 300 on the first of 60 days, 300 sixteen days before the end.
select pg_temp.book(-2, 1, 300, '2026-01-31'), pg_temp.book(-2, 1, 300, '2026-03-16');
select is(
    sway::numeric(12, 2), 14966.63,
    'sway: of 30 changes over 30 days 16 are 300 and 14 are nothing'
)
from pg_temp.state(-2, 1);
select is(thrift::numeric(6, 4), 1.0000, 'who spends nothing has the thrift 1')
from pg_temp.state(-2, 1);
select pg_temp.book(-2, 1, -9000, '2026-03-01');
select is(thrift::numeric(6, 4), -2.0000, 'who spends many times the income has -2 at worst')
from pg_temp.state(-2, 1);

-- A year of 100 a month, then three months of 300: pace is seen against the whole year.
delete from data.transactions where user_id = -2;
select pg_temp.book(-2, 1, 100, ('2025-03-15'::date + make_interval(months => month))::date)
from generate_series(0, 9) as month;
select pg_temp.book(-2, 1, 300, ('2026-01-15'::date + make_interval(months => month))::date)
from generate_series(0, 2) as month;
select is(
    (select row(history_days, scale::numeric(12, 2), pace::numeric(6, 4))::text
     from pg_temp.state(-2, 1)),
    '(382,15010.27,1.0278)',
    'scale is of a year, 1,800 in 365 days; pace of 90 days, 900 in them'
);
select is(
    (select array_agg(row(day, cents)::text order by place)
     from pg_temp.state(-2, 1) as state
     cross join lateral unnest(due_days, due_cents) with ordinality as due (day, cents, place)
     where day <= 50),
    '{"(15,30000)","(45,30000)"}'::text[], 'what is due is the habits of the account, by day'
);

delete from data.transactions where user_id = -2;
select pg_temp.book(-2, 1, -90, '2026-03-02');
select is(
    scale::numeric(12, 2), 9131.25, 'without any income the scale is what is spent'
)
from pg_temp.state(-2, 1);

select set_config('test.held', core.state_held(-2), true);
update data.accounts set opening_balance = 1, current_balance = current_balance + 1
where user_id = -2;
select isnt(
    core.state_held(-2), current_setting('test.held'), 'an edited balance is another ground'
);

select * from finish();
