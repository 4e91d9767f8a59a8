select plan(6);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values (-1, 7, 'expense', 'Rent', -5, 1, 'monthly', '2025-01-31', '2025-01-01');

create temporary table added as
select api.exception_add(-1, 7, '2025-02-28', 'move', '2025-03-03') as exception;

select is(
    (select exception ->> 'moved_to' from added), '2025-03-03',
    'the answer is the exception'
);
select is(
    api.exception_list(-1, 7) -> 'items' -> 0 ->> 'occurrence_on', '2025-02-28',
    'which is in the list'
);
select throws_ok(
    $$ select api.exception_list(-1, 8) $$, 'PT404', 'No such recurring item',
    'of an item that is there'
);
select set_config('app.user_id', '-2', true);
select throws_ok(
    $$ select api.exception_list(-2, 7) $$, 'PT404', 'No such recurring item', 'and the caller''s'
);
select set_config('app.user_id', '-1', true);
select is(
    (select api.exception_drop(-1, 7, (exception ->> 'id')::bigint) ->> 'dropped' from added),
    'true', 'a drop says so'
);
select is(api.exception_list(-1, 7) ->> 'items', '[]', 'and nothing is left');

select * from finish();
