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
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, transfer_id
)
values
    (-1, 10, 1, -30, '2025-01-02', 'to savings', 10),
    (-1, 11, 2, 30, '2025-01-02', 'from checking', 10),
    (-1, 12, 1, -20, '2025-01-03', 'market', null);
select core.category_copy('{-1}');
insert into data.transaction_splits (user_id, transaction_id, transaction_date, amount)
values (-1, 12, '2025-01-03', -15), (-1, 12, '2025-01-03', -5);

select throws_ok(
    $$ select core.hold_check(-1, '{10}', -31, null, null) $$, 'PT409',
    'A leg of a transfer keeps its amount and account: edit the transfer, or take it apart first',
    'a leg keeps its amount'
);
select throws_ok(
    $$ select core.hold_check(-1, '{11}', null, 4, null) $$, 'PT409',
    'A leg of a transfer keeps its amount and account: edit the transfer, or take it apart first',
    'and its account'
);
select ok(core.hold_check(-1, '{10,11}', null, null, 5), 'a category is no matter');
select ok(core.hold_check(-1, '{10}', -30, 1, null), 'nor is what stays as it was');
select throws_ok(
    $$ select core.hold_check(-1, '{12}', -21, null, null) $$, 'PT409',
    'A split transaction is changed by its parts', 'parts hold the amount'
);
select throws_ok(
    $$ select core.hold_check(-1, '{12}', null, null, 5) $$, 'PT409',
    'A split transaction is changed by its parts', 'and stand in for the category'
);
select ok(core.hold_check(-1, '{12}', null, 4, null), 'a split booking may change its account');

select * from finish();
