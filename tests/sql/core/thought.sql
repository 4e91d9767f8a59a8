select plan(13);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values
    (-1, 1, 'Checking', 'USD', '2020-01-01'),
    (-1, 2, 'Savings', 'USD', '2020-01-01'),
    (-1, 3, 'Abroad', 'EUR', '2020-01-01');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from, ends_on
)
values (-1, 1, 'expense', 'Rent', -9, 1, 'monthly', '2026-01-10', '2026-01-01', '2026-12-31');
insert into data.recurring_exceptions (user_id, recurring_item_id, occurrence_on, action, amount)
values (-1, 1, '2026-02-10', 'amount', -7);

create function pg_temp.draft(_more jsonb)
returns data.recurring_items language sql as $$
    select core.thought_draft(
        -1, 50,
        '{"kind": "transfer", "name": "Aside", "amount": 5, "account_id": 1, "to_account_id": 2,
            "frequency": "weekly", "anchor_on": "2026-01-05"}'::jsonb || _more,
        '2026-01-02'
    );
$$;
create function pg_temp.edit(_patch jsonb)
returns data.recurring_items language sql as $$
    select core.thought_edit(-1, item, _patch) from data.recurring_items as item
    where item.user_id = -1 and item.id = 1;
$$;

select is(
    (
        select concat_ws(' ', id, user_id, every_n, roll, expected_from, is_active, step_days)
        from pg_temp.draft('{}')
    ),
    '50 -1 1 none 2026-01-02 t 7', 'what is absent is what a new item would have'
);
select throws_ok(
    $$ select pg_temp.draft('{"name": null}') $$, 'PT422', 'name is missing',
    'what an item cannot do without'
);
select throws_ok(
    $$ select pg_temp.draft('{"amount": -5}') $$, 'PT422', 'The amount of a transfer is positive: '
        'it leaves account_id',
    'a thought is checked like an item'
);
select throws_ok(
    $$ select pg_temp.draft('{"to_account_id": 9}') $$, 'PT404', 'No such account',
    'what it names must be there'
);
select throws_ok(
    $$ select pg_temp.draft('{"to_account_id": 3}') $$, 'PT422',
    'Both accounts of a transfer have one currency', 'no money between two currencies'
);
select is(
    (select concat_ws(' ', name, amount_cents, ends_on) from pg_temp.edit('{"amount": -12}')),
    'Rent -1200 2026-12-31', 'a patch keeps what it does not name'
);
select is((select ends_on from pg_temp.edit('{"ends_on": null}')), null, 'and clears what is null');
select throws_ok(
    $$ select pg_temp.edit('{"anchor_on": null}') $$, 'PT422', 'anchor_on cannot be cleared',
    'but not what an item needs'
);
select throws_ok(
    $$ select pg_temp.edit('{"kind": "income", "amount": 5}') $$, 'PT409',
    'Its exceptions have amounts of the other sign: drop them first',
    'a thought keeps the exceptions of its item'
);
select is(core.thought_fault('{"name": "a", "amount": "much"}'), 'amount', 'the field at fault');
select is(core.thought_fault('{"name": "a", "nth": 7}'), 'nth', 'one that breaks its rule');
select is(core.thought_fault('{"name": "a", "nth": 2}'), null, 'none');
select is(
    core.thought_schema('{kind}') -> 'roll',
    '{"type": ["string", "null"], "enum": ["none", "skip", "previous", "next", null],
        "description": "Where a day goes that falls on a weekend or holiday",
        "examples": ["none"]}'::jsonb,
    'the schema is that of the types, with null for what may be absent'
);

select * from finish();
