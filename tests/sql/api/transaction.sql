select plan(12);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);
select core.category_copy('{-1}');

create temporary table booked as
select
    api.transaction_add(
        -1, 1, -3.5, '2025-01-02', 'Bread', _subcategory_id => core.category_find(-1, 'Groceries')
    ) as first,
    api.transaction_add(-1, 2, 7, '2025-01-03', 'Gift', _comment => 'from Ann') as second;

select is((select first ->> 'category' from booked), 'Food', 'the answer names its category');
select is(
    api.transaction_list(-1, _limit => 1) -> 'items' -> 0 ->> 'description', 'Gift', 'newest first'
);
select is(
    api.transaction_list(
        -1, _limit => 1,
        _cursor => (api.transaction_list(-1, _limit => 1) ->> 'next_cursor')::api.cursor
    ) -> 'items' -> 0 ->> 'subcategory',
    'Groceries', 'the next page goes on, with names'
);
select is(
    api.transaction_list(
        -1, _limit => 1,
        _cursor => (api.transaction_list(-1, _limit => 1) ->> 'next_cursor')::api.cursor
    ) ->> 'next_cursor',
    null, 'and is the last'
);
select set_config('app.user_id', '-2', true);
select is(api.transaction_list(-2) ->> 'items', '[]', 'a stranger has none');
select set_config('app.user_id', '-1', true);
select is(
    json_array_length(api.transaction_list(-1, _text => 'brea') -> 'items'), 1, 'text is searched'
);
select throws_ok(
    $$ select api.transaction_list(-1, _cursor => '1.2.3') $$, 'PT422',
    'cursor must be the next_cursor of an earlier page in the same order',
    'a made-up cursor is refused'
);
select is(
    (select api.transaction_read(-1, (second ->> 'id')::bigint) ->> 'comment' from booked),
    'from Ann', 'one booking comes with its comment'
);
select set_config('app.user_id', '-2', true);
select throws_ok(
    $$ select api.transaction_read(-2, (second ->> 'id')::bigint) from booked $$, 'PT404',
    'No such transaction', 'to its owner'
);
select set_config('app.user_id', '-1', true);
select is(
    (select api.transaction_edit(
        -1, (second ->> 'id')::bigint, '{"comment": null}'
    ) ->> 'comment' from booked),
    null, 'an edit answers with the booking'
);
select is(
    (select api.transaction_drop(-1, (second ->> 'id')::bigint) ->> 'dropped' from booked), 'true',
    'a drop says so'
);
select is_empty($$ select * from core.balance_faults(-1) $$, 'every balance is its sum');

select * from finish();
