select plan(12);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);

select is(core.balance_moved(100.00, -0.01), 99.99, 'a balance moves by the change');
select throws_ok(
    $$ select core.balance_moved(999999999999.99, 0.01) $$, 'PT422',
    'The balance of the account would pass 999999999999.99', 'it stays within its column'
);
select throws_ok(
    $$ select core.balance_moved(-999999999999.99, -0.01) $$, 'PT422',
    'The balance of the account would pass 999999999999.99', 'on either side'
);
select is_empty($$ select * from core.balance_faults(-1) $$, 'new accounts are right');

insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values (-1, 2, 5, '2025-01-02', 'behind the back of the rules');

select results_eq(
    $$ select account_id, current_balance, true_balance from core.balance_faults(-1) $$,
    $$ values (2::bigint, 0.00, 5.00) $$, 'a booking that moved no balance is found'
);
select results_eq(
    $$ select account_id from core.balance_faults() where user_id = -1 $$,
    $$ values (2::bigint) $$, 'also among all users'
);

select results_eq(
    $$
        select account_id, booked, difference, transaction_count from core.balance_rows(-1)
        where account_id = 2
    $$,
    $$ values (2::bigint, 5.00, -5.00, 1::bigint) $$, 'each account says by how much'
);
select is_empty($$ select * from core.balance_oddities(-1) $$, 'bookings alone are not odd');
insert into data.transaction_splits (user_id, transaction_id, transaction_date, amount)
select -1, id, '2025-01-02', 3 from data.transactions where user_id = -1 and amount = 5;
select is(
    (select fault from core.balance_oddities(-1)), 'The parts do not add up to the transaction',
    'parts that do not add up are'
);
delete from data.transaction_splits where user_id = -1;
update data.transactions set transfer_id = id where user_id = -1 and amount = 5;
select is(
    (select fault from core.balance_oddities(-1)), 'The transfer has no two opposite legs',
    'and so is half a transfer'
);

select ok(core.balance_fits(-999999999999.99), 'a balance may be as low as it can be written');
select ok(not core.balance_fits(1000000000000), 'a cent beyond the highest does not fit');

select * from finish();
