select plan(13);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values
    (-1, 1, 'Everyday', 'USD', '2025-01-01'),
    (-1, 2, 'Savings', 'USD', '2025-01-01'),
    (-1, 3, 'Crowns', 'CZK', '2025-01-01');
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values (-1, 1, 0, '2025-01-02', 'x');

select ok(core.currency_check(-1, 2, 'EUR'), 'an account without a history may change');
select ok(core.currency_check(-1, 1, 'USD'), 'the same currency is no change');
select ok(core.currency_check(-1, 1, null), 'nor is none');
select throws_ok(
    $$ select core.currency_check(-1, 1, 'EUR') $$, 'PT409',
    'Bookings or recurring items use this account: open another one in that currency',
    'what was booked in one currency stays in it'
);
select ok(core.currency_same(-1, 1, 2), 'two accounts of one currency, looked at without a lock');
select throws_ok(
    $$ select core.currency_same(-1, 1, 3) $$, 'PT422',
    'Both accounts of a transfer have one currency', 'and two of different ones'
);
select ok(core.currency_shared(-1, 1, 2), 'a transfer stays in one currency');
select ok(core.currency_shared(-1, 1, null), 'where there is no transfer there is no question');
select throws_ok(
    $$ select core.currency_shared(-1, 1, 3) $$, 'PT422',
    'Both accounts of a transfer have one currency', 'between two there is no rate'
);
select is(
    core.currency_linked(-1, 3, null), 'CZK', 'what is linked is in the currency of its account'
);
select is(core.currency_linked(-1, null, null), 'USD', 'else in its owner''s');
select is(core.currency_linked(-1, null, 'EUR'), 'EUR', 'or in the one that is said');
select throws_ok(
    $$ select core.currency_linked(-1, 3, 'EUR') $$, 'PT422', 'The account is in another currency',
    'but in no other than its account'
);

select * from finish();
