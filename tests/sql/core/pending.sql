select plan(7);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0),
    (-1, 3, 'Euros', 'EUR', '2025-01-01', 0, 0),
    (-1, 4, 'Cash', 'USD', '2025-01-01', 0, 0);
create temporary table held as
select core.transaction_add(-1, 1, -20, '2025-01-03', 'hotel', _is_pending => true) as id;

select is(
    core.pending_post(-1, (select id from held), -25, '2025-01-05', 1), (select id from held),
    'what was announced is booked'
);
select results_eq(
    $$
        select amount, transaction_date, is_pending, posted_at is not null, version
        from data.transactions where id = (select id from held)
    $$,
    $$ values (-25.00, date '2025-01-05', false, true, 2) $$,
    'with the amount and on the day of the bank'
);
select is(
    (select current_balance from data.accounts where user_id = -1 and id = 1), 75.00,
    'the balance moves by the difference'
);
select throws_ok(
    $$ select core.pending_post(-1, (select id from held)) $$, 'PT409',
    'This transaction is posted already', 'once'
);
select throws_ok(
    $$ select core.pending_post(-2, (select id from held)) $$, 'PT404', 'No such transaction',
    'by its owner'
);
select core.transaction_add(-1, 1, -9, '2025-01-06', 'bread', _is_pending => true);
select throws_ok(
    $$
        select core.pending_post(
            -1, (select id from data.transactions where description = 'bread'), 9
        )
    $$,
    'PT422', 'What was announced as money that leaves does not come in, nor the other way round',
    'a forgotten minus is refused'
);
select core.pending_post(
    -1, (select id from data.transactions where description = 'bread')
);
select is(
    (select amount from data.transactions where description = 'bread'), -9.00,
    'what is not said stays'
);

select * from finish();
