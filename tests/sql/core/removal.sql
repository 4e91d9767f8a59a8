select plan(5);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);
create temporary table booked as
select core.transaction_add(-1, 1 + n % 2, n, '2025-01-02', 'Booking ' || n) as id
from generate_series(1, 4) as n;

select is(
    core.removal_take(-2, (select array_agg(id) from booked), 9), 0::bigint,
    'a stranger takes nothing out'
);
select is(
    core.removal_take(-1, (select array_agg(id) from booked), core.clock_tick(-1)), 4::bigint,
    'bookings of many accounts go at once'
);
select is(
    (select array_agg(current_balance order by id) from data.accounts where user_id = -1),
    '{100.00,0.00}', 'and every account has its money back'
);
select results_eq(
    'select id, change_no from data.dropped_transactions where user_id = -1 order by id',
    'select id, 5::bigint from booked order by id', 'each leaves a row with the number of the write'
);

select core.transfer_add(-1, 1, 2, 5, '2025-01-04', 'aside');
select core.removal_take(
    -1,
    array[(select id from data.transactions where user_id = -1 and transfer_id = id)],
    core.clock_tick(-1)
);
select results_eq(
    $$
        select transfer_id, change_no from data.transactions
        where user_id = -1 and description = 'aside'
    $$,
    'values (null::bigint, core.clock_read(-1))',
    'the other leg of a transfer stays as a booking of its own'
);

select * from finish();
