select plan(15);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values
    (-1, 1, 'income', 'Pay', 100, 1, 'monthly', '2026-01-31', '2026-01-01'),
    (-1, 2, 'expense', 'Rent', -9, 1, 'monthly', '2026-01-10', '2026-01-01');
insert into data.scenarios (user_id, id, name, changes) values (-1, 1, 'One', '{"balance": 5}');

create function pg_temp.stack(
    _changes jsonb, _is_saved boolean default false, _initial_cents bigint default null
)
returns table (
    drafts data.recurring_items[], pauses core.pause[], moves core.due[], initial_cents bigint,
    gone_items bigint[], gone_goals bigint[]
)
language sql as $$
    select laid.*
    from core.stack_row(
        -1, '2026-01-01', '2026-12-31', '{1}', core.stack_items(-1), null, null, _initial_cents,
        _changes, _is_saved
    ) as laid;
$$;
create function pg_temp.ids(_drafts data.recurring_items[])
returns bigint[] language sql as $$
    select array_agg(draft.id order by draft.id) from unnest(_drafts) as draft;
$$;

select is(
    (select pg_temp.ids(drafts) from pg_temp.stack('{"removed": [1]}')), '{2}', 'what goes is gone'
);
select is(
    (select pg_temp.ids(drafts) from pg_temp.stack('{"added": [{"kind": "income", "name": "A",
        "amount": 1, "account_id": 1, "frequency": "once", "anchor_on": "2026-01-05"}]}')),
    '{1,2,1000000000000000000}', 'what comes has a number after all that can be stored'
);
select is(
    (select drafts[2].amount from pg_temp.stack('{"changed": [{"recurring_item_id": 2,
        "amount": -10}]}')),
    -10.00, 'what changes stays in its place'
);
select is(
    (select pauses::text from pg_temp.stack('{"paused": [{"recurring_item_id": 2,
        "from_on": "2026-02-01"}]}')),
    '{"(2,2026-02-01,2200-12-31)"}', 'a pause without end is until further notice'
);
select is(
    (select initial_cents from pg_temp.stack('{"balance": 1.5}', false, 7)), 150::bigint,
    'the later balance stands'
);
select is(
    (select initial_cents from pg_temp.stack('{}', false, 7)), 7::bigint, 'or the earlier one'
);
select is(
    (select gone_items from pg_temp.stack('{"removed": [8], "paused": [{"recurring_item_id": 9,
        "from_on": "2026-02-01"}]}', true)),
    '{8,9}', 'a saved one passes over what is gone, and names it'
);
select throws_ok(
    $$ select pg_temp.stack('{"removed": [2, 8]}') $$, 'PT404', 'No such recurring item',
    'one of the moment does not'
);
select throws_ok(
    $$ select pg_temp.stack('{"changed": [{"recurring_item_id": 2, "amount": "x"}]}') $$,
    'PT422', 'amount does not fit its type', 'a value of another type'
);
select is(
    (
        select array_agg(stage.name order by stage.place)
        from core.stack_stages(-1, '{1}', '{"balance": 6}') as stage
    ),
    '{One,NULL}', 'saved ones first, then the changes of the moment'
);
select is(
    (select count(*) from core.stack_stages(-1, null, '{"balance": 6}')), 1::bigint,
    'the changes of the moment alone'
);

insert into data.financial_goals (
    user_id, id, name, target_amount, saved, currency, monthly, next_on
)
select -1, 5, 'Bicycle', 250, 0, currency, 100, '2026-02-10' from data.users where id = -1;
select is(
    (
        select string_agg(move.on_day || ' ' || move.net_cents, ', ' order by move.on_day)
        from pg_temp.stack('{"goals": [{"financial_goal_id": 5}]}') as laid
        cross join lateral unnest(laid.moves) as move
    ),
    '2026-02-10 -10000, 2026-03-10 -10000, 2026-04-10 -5000', 'a goal takes what it still needs'
);
select is(
    (select gone_goals from pg_temp.stack('{"goals": [{"financial_goal_id": 6}]}', true)), '{6}',
    'a saved scenario passes over a goal that is gone'
);
select throws_ok(
    $$ select pg_temp.stack('{"goals": [{"target": 6}]}') $$, 'PT422',
    'A goal is financial_goal_id alone, or target and monthly', 'a goal says what it takes'
);

insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
select -1, 100 + number, 'income', 'Pay', 1, 1, 'monthly', '2026-01-31', '2026-01-01'
from generate_series(1, 998) as number;
select throws_ok(
    $$ select pg_temp.stack('{"added": [{"kind": "income", "name": "A", "amount": 1,
        "account_id": 1, "frequency": "once", "anchor_on": "2026-01-05"}]}') $$,
    'PT409', 'At most 1,000 recurring items are active: put one away or drop it first',
    'a thought is as bounded as what is stored'
);

select * from finish();
