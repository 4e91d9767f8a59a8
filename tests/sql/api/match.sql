select plan(5);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 10, 1, -50, '2025-01-10', 'out'), (-1, 11, 2, 50, '2025-01-12', 'in');

select is(
    api.match_take(-1, '2025-01-01', '2025-01-31', true) ->> 'matched_count', '1',
    'a dry run says what would be matched'
);
select is(
    (select count(*) from data.transactions where user_id = -1 and transfer_id is not null),
    0::bigint, 'and changes nothing'
);
select is(
    api.match_take(-1, '2025-01-01', '2025-01-31') -> 'matched' -> 0 ->> 'amount', '50.00',
    'a run answers its transfers'
);
select is(
    (select count(*) from data.transactions where user_id = -1 and transfer_id = 10),
    2::bigint, 'and writes them'
);
select throws_ok(
    $$ select api.match_take(-1, '2025-01-31', '2025-01-01') $$, 'PT422',
    'to must not lie before from', 'days run forward'
);

select * from finish();
