select plan(8);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);
create temporary table moved as
select (api.transfer_add(-1, 1, 2, 30, '2025-01-02') ->> 'id')::bigint as id;

select is(
    api.transfer_read(-1, (select id from moved)) ->> 'description', 'Transfer',
    'a transfer has a name, given or not'
);
select is(
    api.transfer_list(-1) -> 'items' -> 0 ->> 'to_account_id', '2', 'it is in the list'
);
select is(
    api.transfer_list(
        -1, _limit => 1,
        _cursor => core.cursor_text((select id from moved), '2025-01-02')::api.cursor
    ) ->> 'items',
    '[]', 'which goes on after it'
);
select is(
    api.transfer_edit(-1, (select id from moved), '{"amount": 31}', _amount => 31) ->> 'amount',
    '31.00', 'an edit answers what stands'
);
select throws_ok(
    $$ select api.transfer_edit(-1, (select id from moved), '{"amount": null}') $$, 'PT422',
    'amount cannot be cleared', 'null clears nothing here'
);
select is(
    api.transfer_drop(-1, (select id from moved)) ->> 'dropped', 'true', 'it may be taken apart'
);
select throws_ok(
    $$ select api.transfer_read(-1, (select id from moved)) $$, 'PT404', 'No such transfer',
    'and is none then'
);
select is(
    api.transfer_link(
        -1,
        (select id from data.transactions where user_id = -1 and amount < 0),
        (select id from data.transactions where user_id = -1 and amount > 0)
    ) ->> 'amount',
    '31.00', 'what was apart may be linked'
);

select * from finish();
