select plan(12);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0),
    (-1, 3, 'Euros', 'EUR', '2025-01-01', 0, 0),
    (-1, 4, 'Cash', 'USD', '2025-01-01', 0, 0);
select core.category_copy('{-1,-2}');
create temporary table booked as
select core.transaction_add(
    -1, 1, -20, '2025-01-03', 'market', _subcategory_id => core.category_find(-1, 'Groceries')
) as id;

select is(core.split_json(-1, (select id from booked))::text, '[]', 'a whole booking has no parts');
select throws_ok(
    $$ select core.split_set(-1, (select id from booked), '[{"amount": -15}, {"amount": -4}]') $$,
    'PT422', 'The parts must add up to the amount of the booking, -20.00', 'parts add up'
);
select throws_ok(
    $$ select core.split_set(-1, (select id from booked), '[{"amount": -20}, {"amount": 0}]') $$,
    'PT422', 'A part has an amount', 'and none of them is nothing'
);
select throws_ok(
    format(
        $$ select core.split_set(-1, %s, '[{"amount": -9, "subcategory_id":%s},{"amount":-11}]') $$,
        (select id from booked), core.category_find(-2, 'Groceries')
    ),
    'PT404', 'No such subcategory', 'a part is for something of the owner''s'
);
select throws_ok(
    $$ select core.split_set(-1, 999, '[]') $$, 'PT404', 'No such transaction',
    'only what was booked is split'
);
select throws_ok(
    $$ select core.split_set(-1, (select id from booked), '[]', 9) $$, 'PT412',
    'This was edited meanwhile: read it again', 'in the version that was read'
);

select core.split_set(
    -1, (select id from booked),
    format(
        '[{"amount": -25, "subcategory_id": %s}, {"amount": 5, "comment": "deposit back"}]',
        core.category_find(-1, 'Groceries')
    )::jsonb
);
select results_eq(
    $$
        select part ->> 'amount', part ->> 'category', part ->> 'comment'
        from json_array_elements(core.split_json(-1, (select id from booked))) as part
    $$,
    $$ values ('-25.00', 'Food', null), ('5.00', null, 'deposit back') $$,
    'parts are read in their order, and may have either sign'
);
select results_eq(
    $$
        select subcategory_id, version, change_no from data.transactions
        where id = (select id from booked)
    $$,
    'values (null::bigint, 2, core.clock_read(-1))',
    'the booking has no category of its own then, and was edited'
);
update data.transactions set transaction_date = '2025-02-01' where id = (select id from booked);
select is(
    core.split_follow(-1, (select array_agg(id) from booked)), 2::bigint, 'parts follow their day'
);
select is(
    core.split_follow(-1, (select array_agg(id) from booked)), 0::bigint, 'once'
);
select core.split_set(-1, (select id from booked), '[]');
select is(
    core.split_json(-1, (select id from booked))::text, '[]', 'an empty list makes it whole again'
);
select core.transfer_add(-1, 1, 2, 5, '2025-01-04', 'aside');
select throws_ok(
    $$
        select core.split_set(-1, transfer_id, '[]')
        from data.transactions where transfer_id is not null limit 1
    $$,
    'PT409', 'This booking is a leg of a transfer: it is not for several things',
    'a transfer has no parts'
);

select * from finish();
