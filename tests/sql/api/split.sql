select plan(4);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);
create temporary table booked as
select core.transaction_add(-1, 1, -20, '2025-01-03', 'market') as id;

select is(
    api.split_set(
        -1, (select id from booked), '[{"amount": -15}, {"amount": -5, "comment": "for Ann"}]'
    ) ->> 'amount',
    '-20.00', 'the answer is the transaction'
);
select throws_ok(
    $$ select api.split_set(-1, (select id from booked), '[{"amount": -20}]') $$, 'PT422',
    'splits must be a list of 2 to 50 parts, or an empty one', 'one part is none'
);
select throws_ok(
    $$ select api.split_set(-1, (select id from booked), '{}') $$, 'PT422',
    'splits must be a list of 2 to 50 parts, or an empty one', 'parts are a list'
);
select throws_ok(
    $$
        select api.split_set(
            -1, (select id from booked), '[{"amount": -15.001}, {"amount": -4.999}]'
        )
    $$,
    '23514', null, 'an amount has two decimals'
);

select * from finish();
