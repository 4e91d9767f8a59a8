select plan(3);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);
select core.transaction_add(-1, 1, -20, '2025-01-03', 'hotel', _is_pending => true);

select is(api.balance_check(-1) ->> 'is_right', 'true', 'a ledger adds up');
select is(
    api.balance_check(-1) -> 'accounts' -> 0 ->> 'pending', '-20.00', 'pending is said apart'
);
update data.accounts set current_balance = 1 where user_id = -1 and id = 2;
select is(api.balance_check(-1) ->> 'is_right', 'false', 'a cent too much is seen');

select * from finish();
