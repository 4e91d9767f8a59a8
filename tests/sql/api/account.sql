select plan(10);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');

create temporary table opened as
select
    api.account_add(-1, 'Checking', _opening_balance => 10.5) as first,
    api.account_add(-1, 'Savings', 'savings', _currency => 'EUR') as second;

select is((select first ->> 'current_balance' from opened), '10.50', 'the answer is the account');
select is(
    (select api.account_read(-1, (first ->> 'id')::bigint)::text from opened),
    (select first::text from opened), 'reading it gives the same'
);
select is(
    api.account_list(-1, 1) -> 'items' -> 0 ->> 'name', 'Checking', 'the first page has the first'
);
select is(
    api.account_list(-1, 1, (api.account_list(-1, 1) ->> 'next_cursor')::api.cursor)
        -> 'items' -> 0 ->> 'name',
    'Savings', 'its cursor leads to the second'
);
select is(api.account_list(-1) ->> 'next_cursor', null, 'the last page has none');
select set_config('app.user_id', '-2', true);
select is(api.account_list(-2) ->> 'items', '[]', 'a stranger has no accounts');
select set_config('app.user_id', '-1', true);
select throws_ok(
    $$ select api.account_list(-1, 50, 'x') $$, 'PT422',
    'cursor must be the next_cursor of an earlier page', 'a made-up cursor is refused'
);
select set_config('app.user_id', '-2', true);
select throws_ok(
    $$ select api.account_read(-2, (first ->> 'id')::bigint) from opened $$, 'PT404',
    'No such account', 'nor can one be read'
);
select set_config('app.user_id', '-1', true);
select is(
    (select api.account_edit(
        -1, (first ->> 'id')::bigint, '{"name": "New"}', _name => 'New'
    ) ->> 'name' from opened),
    'New', 'an edit answers with the account'
);
select is(
    (select api.account_drop(-1, (second ->> 'id')::bigint) ->> 'dropped' from opened), 'true',
    'a drop says so'
);

select * from finish();
