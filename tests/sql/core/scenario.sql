select plan(16);

insert into data.users (id) values (-1), (-2);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from, ends_on
)
values (-1, 2, 'expense', 'Rent', -9, 1, 'monthly', '2026-01-10', '2026-01-01', '2026-12-31');

create temp table made as
select core.scenario_add(-1, 'Alone', '{"removed": [2]}') as id;

select is(
    (select name || changes from data.scenarios where user_id = -1), 'Alone{"removed": [2]}',
    'a scenario is its changes'
);
select is(
    (select core.scenario_json(-1, id) ->> 'removed' from made), '[2]', 'read as it was written'
);
select is((select core.scenario_json(-1, id) ->> 'added' from made), '[]', 'with all its lists');
select is((select core.scenario_json(-2, id)::text from made), null, 'by nobody else');
select throws_ok(
    $$ select core.scenario_add(-1, 'aLONE', '{"balance": 5}') $$, 'PT409',
    'There is a scenario of that name', 'one scenario of a name'
);
select throws_ok(
    $$ select core.scenario_add(-1, 'Nothing', '{}') $$, 'PT422', 'A scenario changes something',
    'a scenario of nothing is none'
);
select throws_ok(
    $$ select core.scenario_add(-1, 'Foreign', '{"removed": [3]}') $$, 'PT404',
    'No such recurring item', 'what is saved names what is there'
);
select is(
    core.scenario_kept('{"name": "A", "removed": [], "balance": null, "days": 4,
        "changed": [{"recurring_item_id": 2, "ends_on": null}]}'),
    '{"changed": [{"recurring_item_id": 2, "ends_on": null}]}'::jsonb,
    'a null in a patch clears, so it is kept'
);
select lives_ok(
    $$ select core.scenario_edit(-1, (select id from made), 'Apart', '{"balance": 10}') $$,
    'an edit names what changes'
);
select is(
    (select version || name || changes from data.scenarios where user_id = -1),
    '2Apart{"balance": 10, "removed": [2]}', 'what it does not name stays'
);
select lives_ok(
    $$ select core.scenario_edit(-1, (select id from made), null, '{"removed": null}', 2) $$,
    'null clears'
);
select is(
    (select version || name || changes from data.scenarios where user_id = -1),
    '3Apart{"balance": 10}', 'one list'
);
select throws_ok(
    $$ select core.scenario_edit(-1, (select id from made), 'B', '{}', 2) $$, 'PT412', null,
    'an edit of another version is refused'
);
select throws_ok(
    $$ select core.scenario_edit(-2, (select id from made), 'B', '{}') $$, 'PT404',
    'No such scenario', 'nobody else edits it'
);
insert into data.scenarios (user_id, name, changes)
select -1, 'Scenario ' || number, '{"balance": 1}' from generate_series(1, 99) as number;
select throws_ok(
    $$ select core.scenario_add(-1, 'One more', '{"balance": 5}') $$, 'PT409',
    'At most 100 scenarios are saved: drop one first', 'a hundred are the most'
);
select is(
    (select core.scenario_drop(-1, id, 3) = id from made), true, 'a scenario goes by its key'
);

select * from finish();
