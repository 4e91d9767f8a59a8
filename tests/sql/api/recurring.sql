select plan(7);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);

create temporary table added as
select api.recurring_add(
    -1, 'expense', 'Rent', -5, 1, 'monthly', '2025-01-31', _month_days => '{1,-1}'
) as item;

select is((select item ->> 'month_days' from added), '[1,-1]', 'the answer is the item');
select is(api.recurring_list(-1) -> 'items' -> 0 ->> 'name', 'Rent', 'which is in the list');
select is(api.recurring_list(-1) ->> 'next_cursor', null, 'alone');
select set_config('app.user_id', '-2', true);
select is(api.recurring_list(-2) ->> 'items', '[]', 'a stranger has none');
select throws_ok(
    $$ select api.recurring_read(-2, (item ->> 'id')::bigint) from added $$, 'PT404',
    'No such recurring item', 'and reads none'
);
select set_config('app.user_id', '-1', true);
select is(
    (select api.recurring_edit(
        -1, (item ->> 'id')::bigint, '{"amount": -6.5}', _amount => -6.5
    ) ->> 'amount' from added),
    '-6.50', 'an edit answers with the item'
);
select is(
    (select api.recurring_drop(-1, (item ->> 'id')::bigint) ->> 'dropped' from added), 'true',
    'a drop says so'
);

select * from finish();
