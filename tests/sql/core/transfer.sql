select plan(16);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0),
    (-1, 3, 'Euros', 'EUR', '2025-01-01', 0, 0),
    (-1, 4, 'Cash', 'USD', '2025-01-01', 0, 0);
create temporary table moved as
select core.transfer_add(-1, 1, 2, 30, '2025-01-02', 'aside', 'monthly') as id;

select results_eq(
    $$
        select account_id, amount, transfer_id = (select id from moved)
        from data.transactions where user_id = -1 order by account_id
    $$,
    'values (1::bigint, -30.00, true), (2, 30.00, true)',
    'a transfer has two legs with one mark'
);
select results_eq(
    'select current_balance from data.accounts where user_id = -1 and id in (1, 2) order by id',
    'values (70.00), (30.00)', 'and moves both balances'
);
select throws_ok(
    $$ select core.transfer_add(-1, 1, 1, 3, '2025-01-02', 'x') $$, 'PT422',
    'A transfer goes to another account', 'not in a circle'
);
select throws_ok(
    $$ select core.transfer_add(-1, 1, 3, 3, '2025-01-02', 'x') $$, 'PT422',
    'Both accounts must have one currency: no rate is known here', 'of one currency'
);
select throws_ok(
    $$ select core.transfer_add(-1, 1, 9, 3, '2025-01-02', 'x') $$, 'PT404', 'No such account',
    'to an account of the owner''s'
);
select throws_ok(
    $$ select core.transfer_add(-1, 1, 2, 0, '2025-01-02', 'x') $$, 'PT422',
    'amount must be between 0.01 and 999999999999.99', 'of some amount'
);

insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values
    (-1, 10, 1, -7, '2025-03-02', 'out'),
    (-1, 11, 2, 7, '2025-03-20', 'in'),
    (-1, 12, 2, 8, '2025-03-02', 'in'),
    (-1, 13, 1, 7, '2025-03-02', 'in');
select is(core.transfer_link(-1, 10, 11), 10::bigint, 'by hand, days do not matter');
select is(
    (select string_agg(transfer_id::text, ' ') from data.transactions where id in (10, 11)),
    '10 10', 'both legs bear the key of the one that leaves'
);
select throws_ok(
    $$ select core.transfer_link(-1, 10, 11) $$, 'PT409',
    'This booking is a leg of a transfer: unlink that one first', 'each leg once'
);
select throws_ok(
    $$ select core.transfer_link(-1, 12, 10) $$, 'PT422', 'The leg that leaves is negative',
    'money leaves one and comes into the other'
);
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 14, 1, -7, '2025-03-02', 'out');
select throws_ok(
    $$ select core.transfer_link(-1, 14, 12) $$, 'PT422',
    'Both legs must have one amount, with opposite signs', 'of one amount'
);
select throws_ok(
    $$ select core.transfer_link(-1, 14, 13) $$, 'PT422', 'A transfer goes to another account',
    'between two accounts'
);
select throws_ok(
    $$ select core.transfer_link(-2, 14, 13) $$, 'PT404', 'No such transaction', 'of one owner'
);
insert into data.transaction_splits (user_id, transaction_id, transaction_date, amount)
values (-1, 14, '2025-03-02', -5), (-1, 14, '2025-03-02', -2);
select throws_ok(
    $$ select core.transfer_free(-1, 14, 'leaving_id') $$, 'PT409',
    'This booking is split: a transfer has no parts', 'what is split is no transfer'
);
select is(
    core.transfer_leave(-1, '{10}', 77), 1::bigint, 'when one leg goes, the other one is left'
);
select results_eq(
    'select transfer_id, version, change_no from data.transactions where id = 11',
    'values (null::bigint, 3, 77::bigint)', 'as a booking of its own'
);

select * from finish();
