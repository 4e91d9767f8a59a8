select plan(8);
select set_config('app.user_id', '-1', true);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on, opening_balance, current_balance)
values (-1, 1, 'Checking', 'USD', '2020-01-01', 500, 500);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values (-1, 2, 'expense', 'Rent', -450, 1, 'monthly', '2026-01-10', '2026-01-01');

create temp table made as
select (api.scenario_add(-1, '{"name": "No rent", "removed": [2]}', 'No rent') ->> 'id')::bigint
    as id;

select is(
    (
        select api.scenario_compare(
            -1, '{"purchases": [{"amount": -1, "on_day": "2026-01-06"}]}', '2026-01-05', 30,
            _scenario_ids => array[id], _fields => 'difference'
        ) -> 'difference' ->> 'ending_balance'
        from made
    ),
    '449.00', 'a saved scenario and what the body thinks of'
);
select is(
    (
        select string_agg(key, ',')
        from json_object_keys(
            api.scenario_compare(-1, '{}', '2026-01-05', 3, _fields => 'date, difference')
                -> 'columns'
        ) as key
    ),
    'date,difference', 'the columns that are asked for'
);
select throws_ok(
    $$ select api.scenario_compare(-1, '{}', _fields => 'weather') $$, 'PT422',
    'fields are some of date, baseline, scenario, difference, baseline_p10, baseline_p50, '
        'baseline_p90, scenario_p10, scenario_p50, scenario_p90',
    'and no others'
);
select is(
    (select count(*) from data.scenarios where user_id = -1), 1::bigint, 'nothing is written'
);
select is(
    (
        select api.scenario_edit(-1, id, '{"name": "Rent free"}', 'Rent free') ->> 'name'
        from made
    ),
    'Rent free', 'a scenario has another name'
);
select is(
    (select json_array_length(api.scenario_list(-1) -> 'items')), 1, 'a page of them'
);
select is((select api.scenario_read(-1, id) ->> 'version' from made), '2', 'one of them');
select is(
    (select api.scenario_drop(-1, id) ->> 'dropped' from made), 'true', 'and none'
);

select * from finish();
