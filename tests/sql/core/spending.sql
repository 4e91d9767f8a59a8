select plan(23);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Savings', 'USD', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'Food');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Groceries'), (-1, 20, 1, 'Eating out');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, subcategory_id,
    transfer_id, is_pending
)
values
    (-1, 1, 1, -30, '2025-01-01', 'Bread', 'Mill', 10, null, false),
    (-1, 2, 1, -100, '2025-01-31', 'Store', 'Market', null, null, false),
    (-1, 3, 1, -7, '2025-01-31', 'Cash', null, null, null, true),
    (-1, 4, 1, -50, '2025-01-15', 'Over', null, null, 4, false),
    (-1, 5, 2, 50, '2025-01-15', 'Over', null, null, 4, false),
    (-1, 6, 1, 12, '2025-02-01', 'Refund', 'Mill', 10, null, false),
    (-1, 7, 1, -4, '2024-12-31', 'Old year', null, 20, null, false);
insert into data.transaction_splits (
    user_id, transaction_id, transaction_date, amount, subcategory_id
)
values
    (-1, 2, '2025-01-31', -90, 10), (-1, 2, '2025-01-31', -30, 20), (-1, 2, '2025-01-31', 20, null);

select results_eq(
    $$ select transaction_id, amount, subcategory_id, counterparty, account_id
       from core.spending_legs(-1, '2025-01-01', '2025-01-31')
       order by transaction_id, amount $$,
    $$ values
        (1::bigint, -30.00, 10::bigint, 'Mill', 1::bigint), (2, -90.00, 10, 'Market', 1),
        (2, -30.00, 20, 'Market', 1), (2, 20.00, null, 'Market', 1), (3, -7.00, null, null, 1) $$,
    'a split booking stands as its parts, others as themselves, transfers not at all'
);
select is(
    (select sum(amount) from core.spending_legs(-1, '2025-01-01', '2025-01-31')),
    (
        select sum(amount) from data.transactions
        where user_id = -1 and transfer_id is null
          and transaction_date between '2025-01-01' and '2025-01-31'
    ), 'legs add up to the bookings less transfers'
);
select results_eq(
    $$ select subcategory_id, sum(amount) from core.spending_legs(-1, '2025-01-01', '2025-02-01')
       group by subcategory_id order by subcategory_id $$,
    $$ values (10::bigint, -108.00), (20, -30.00), (null, 13.00) $$,
    'a refund comes off what was spent in its subcategory'
);
select results_eq(
    $$ select distinct on_day from core.spending_legs(-1, '2025-01-02', '2025-01-31') $$,
    $$ values ('2025-01-31'::date) $$, 'a part has the day of its booking'
);
select is_empty(
    $$ select * from core.spending_legs(-1, '2025-01-02', '2025-01-30') $$,
    'what lies between is asked for, no day more'
);
select is_empty(
    $$ select * from core.spending_legs(-2, '2025-01-01', '2025-12-31') $$,
    'a stranger has none'
);
select is_empty(
    $$ select * from core.spending_legs(-1, null, '2025-12-31') $$, 'no day, no range'
);
update data.transactions set transfer_id = 2 where user_id = -1 and id = 2;
select is(
    (select sum(amount) from core.spending_legs(-1, '2025-01-01', '2025-01-31')), -37.00,
    'the parts of a transfer are as little as the transfer'
);
delete from data.transactions where user_id = -1 and id = 2;
select is(
    (select count(*) from core.spending_legs(-1, '2025-01-01', '2025-01-31')), 2::bigint,
    'what is dropped takes its parts along'
);

select results_eq(
    $$ select * from core.spending_range(-1, '2025-03-01', '2025-04-30', null, null) $$,
    $$ values ('2025-03-01'::date, '2025-04-30'::date, '2025-01-01'::date, true, 'USD') $$,
    'whole months are compared with as many months'
);
select results_eq(
    $$ select * from core.spending_range(-1, '2025-03-02', '2025-03-11', 'EUR', null) $$,
    $$ values ('2025-03-02'::date, '2025-03-11'::date, '2025-02-20'::date, false, 'EUR') $$,
    'other ranges with as many days'
);
select results_eq(
    $$ select from_on, to_on from core.spending_range(-1, null, null, null, '2025-03-17') $$,
    $$ values ('2025-03-01'::date, '2025-03-17'::date) $$, 'unsaid, it is the month so far'
);
select is(
    (select to_on from core.spending_range(-1, null, null, null, null)), core.user_today(-1),
    'up to the owner''s today'
);
select throws_ok(
    $$ select * from core.spending_range(-1, '2025-03-02', '2025-03-01', null, null) $$, 'PT422',
    'from is not after to', 'a range goes forward'
);
select throws_ok(
    $$ select * from core.spending_range(-1, '2015-01-01', '2025-03-01', null, null) $$, 'PT422',
    'a range is at most 3660 days long', 'for ten years'
);
select is_empty(
    $$ select * from core.spending_range(-9, null, null, null, null) $$, 'nobody has none'
);
set local timezone = 'Pacific/Kiritimati';
select is(core.spending_month('2025-03-01'), '2025-03-01'::date, 'a month begins on its first');
set local timezone = 'Pacific/Midway';
select is(
    core.spending_month('2025-03-01'), '2025-03-01'::date, 'in whatever time zone it is asked'
);
select is(core.spending_percent(-120, -100), 20.0, 'more is more, on either side of zero');
select is(core.spending_percent(50, 100), -50.0, 'less is less');
select is(core.spending_percent(-120, 100), null, 'and a change of sign is no per cent');
select results_eq(
    $$ select * from core.spending_months(-1, null, null, true, null, '2025-03-30') $$,
    $$ values (
        '2025-03-01'::date, '2025-03-30'::date, '2025-02-01'::date, '2025-02-28'::date, 'USD'
    ) $$, 'a month that is not over is compared with as many days, if there are so many'
);
select results_eq(
    $$ select * from core.spending_months(
        -1, '2024-02-17', '2023-02-01', true, null, '2025-03-30'
    ) $$,
    $$ values (
        '2024-02-01'::date, '2024-02-29'::date, '2023-02-01'::date, '2023-02-28'::date, 'USD'
    ) $$, 'one that is over as a whole'
);

select * from finish();
