select plan(14);

insert into data.users (id, reserve) values (-1, 100);
insert into data.accounts (user_id, id, name, currency, opened_on, opening_balance, current_balance)
values
    (-1, 1, 'Checking', 'USD', '2020-01-01', 500, 500),
    (-1, 2, 'Savings', 'USD', '2020-01-01', 0, 0);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values
    (-1, 1, 'income', 'Pay', 1000, 1, 'monthly', '2026-01-31', '2026-01-01'),
    (-1, 2, 'expense', 'Rent', -900, 1, 'monthly', '2026-01-10', '2026-01-01');
insert into data.scenarios (user_id, id, name, changes)
values
    (-1, 1, 'No pay', '{"paused": [{"recurring_item_id": 1, "from_on": "2026-01-01",
        "to_on": "2026-02-27"}]}'),
    (-1, 2, 'No rent', '{"removed": [2, 77]}'),
    (-1, 3, 'Wrong', '{"changed": [{"recurring_item_id": 1, "amount": -5}]}');

create function pg_temp.compare(_changes jsonb, _scenario_ids bigint[] default null)
returns json language sql as $$
    select core.compare_json(
        -1, '2026-01-01', 90, null, 'first_day', _scenario_ids, _changes,
        '{date,baseline,scenario,difference}'
    );
$$;
create function pg_temp.points(_answer json)
returns text language sql as $$
    select concat_ws(
        ' ',
        _answer -> 'scenario' ->> 'lowest_balance', _answer -> 'scenario' ->> 'lowest_on',
        _answer -> 'scenario' ->> 'ending_balance',
        _answer -> 'difference' ->> 'ending_balance'
    );
$$;

select is(
    pg_temp.points(pg_temp.compare(null)), '-400.00 2026-01-10 800.00 0.00',
    'no change is no difference'
);
select is(
    (pg_temp.compare(null) -> 'columns' -> 'difference')::text,
    '[' || rtrim(repeat('0.00,', 90), ',') || ']', 'on no day'
);
select is(
    pg_temp.points(pg_temp.compare('{"removed": [2]}')), '500.00 2026-01-01 3500.00 2700.00',
    'an item that is removed is gone from as_of on'
);
select is(
    pg_temp.points(pg_temp.compare('{"changed": [{"recurring_item_id": 2, "amount": -1000}]}')),
    '-500.00 2026-01-10 500.00 -300.00', 'a changed item is another rule'
);
select is(
    pg_temp.points(pg_temp.compare('{"balance": 1000}')), '100.00 2026-01-10 1300.00 500.00',
    'a balance stands in place of that of the accounts'
);
select is(
    pg_temp.points(pg_temp.compare('{"added": [{"kind": "income", "name": "Job", "amount": 50,
        "account_id": 1, "frequency": "weekly", "anchor_on": "2026-01-02"}]}')),
    '-300.00 2026-01-10 1450.00 650.00', 'an added item falls as a stored one would'
);
select is(
    pg_temp.points(pg_temp.compare('{"purchases": [{"amount": -300, "on_day": "2026-02-01"}],
        "goals": [{"target": 250, "monthly": 100, "saved": 20, "from_on": "2026-01-31"}]}')),
    '-700.00 2026-02-10 270.00 -530.00', 'a purchase, and a goal up to its last 30'
);
select is(
    pg_temp.points(pg_temp.compare(null, '{1,2}')), '500.00 2026-01-01 2500.00 1700.00',
    'saved ones are laid one upon the other'
);
select is(
    (
        select string_agg(
            concat_ws(' ', stage ->> 'name', stage ->> 'ending_balance', stage ->> 'gone_items'),
            ', '
        )
        from json_array_elements(
            pg_temp.compare('{"purchases": [{"amount": -1, "on_day": "2026-03-31"}]}', '{1,2}')
                -> 'stages'
        ) as stage
    ),
    'No pay -200.00 [], No rent 2500.00 [77], 2499.00 []',
    'each stage by itself, and what it names that is gone'
);
select is(
    (pg_temp.compare(null, '{2}') -> 'difference' -> 'months' -> 1)::text,
    '{"month":"2026-02","income":0.00,"expenses":900.00,"net_change":900.00,'
        '"closing_balance":1800.00,"lowest_balance":1800.00}',
    'month by month'
);
select is(
    (
        select concat_ws(' ', line ->> 'first_negative_on', line ->> 'first_below_reserve_on')
        from (select pg_temp.compare('{"balance": 1001}') -> 'baseline' as line) as base
    ),
    '2026-01-10 2026-01-10', 'the baseline keeps its balance and its first days below'
);
select throws_ok(
    $$ select pg_temp.compare(null, '{3}') $$, 'PT409',
    'The scenario "Wrong" no longer fits: The amount of an income is positive',
    'a saved scenario that no longer fits is named'
);
select throws_ok(
    $$ select pg_temp.compare(null, '{9}') $$, 'PT404', 'No such scenario', 'one that is not there'
);

-- On the 12th the rent of the 10th is overdue; nothing is known of the ledger, so p50 is the plan.
select results_eq(
    $$ select overdue, answer -> 'columns' ->> 'baseline', answer -> 'columns' ->> 'baseline_p50'
       from unnest('{first_day,omit}'::text[]) as overdue
       cross join lateral core.compare_json(
           -1, '2026-01-12', 2, null, overdue, null, null, '{baseline,baseline_p50}'
       ) as answer $$,
    $$ values
        ('first_day', '[-400.00,-400.00]', '[-400.00,-400.00]'),
        ('omit', '[500.00,500.00]', '[500.00,500.00]') $$,
    'what is overdue is left out of what is expected too'
);

select * from finish();
