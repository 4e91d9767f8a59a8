select plan(6);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);

select is(
    api.batch_add(-1, '[{
        "account_id": 1, "amount": 2, "transaction_date": "2025-01-02", "description": "x"
    }]') ->> 'added',
    '1', 'the answer counts'
);
select throws_ok(
    $$ select api.batch_add(-1, '[]') $$, 'PT422', 'items must be a list of 1 to 1000 items',
    'nothing is no batch'
);
select throws_ok(
    $$ select api.batch_add(-1, '{}') $$, 'PT422', 'items must be a list of 1 to 1000 items',
    'an object is no list'
);
select throws_ok(
    $$ select api.batch_add(-1, jsonb_agg(n)) from generate_series(1, 1001) as n $$, 'PT422',
    'items must be a list of 1 to 1000 items', 'a thousand rows are the most'
);

select throws_ok(
    $$ select api.batch_add(-1, '[{"account_id": 1, "amount": 1.005,
        "transaction_date": "2025-01-02", "description": "x"}]') $$,
    '23514', null, 'a third decimal is refused, not rounded'
);
select throws_ok(
    $$ select api.batch_add(-1, '[{"account_id": 1, "amount": 1,
        "transaction_date": "2025-01-02", "description": "two\nlines"}]') $$,
    '23514', null, 'a name is on one line'
);

select * from finish();
