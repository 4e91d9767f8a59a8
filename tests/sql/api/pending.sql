select plan(1);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);
create temporary table held as
select core.transaction_add(-1, 1, -20, '2025-01-03', 'hotel', _is_pending => true) as id;

select is(
    api.pending_post(-1, (select id from held), -21) ->> 'is_pending', 'false',
    'the answer is the posted transaction'
);

select * from finish();
