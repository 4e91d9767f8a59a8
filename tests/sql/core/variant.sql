select plan(14);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from, occurrences
)
values
    (-1, 1, 'income', 'Pay', 100, 1, 'monthly', '2026-01-31', '2026-01-01', 4),
    (-1, 2, 'expense', 'Coffee', -3, 1, 'weekly', '2026-01-05', '2026-01-01', null);

create function pg_temp.draft(_patch jsonb)
returns data.recurring_items language sql as $$
    select core.variant_filled(jsonb_populate_record(item, _patch))
    from data.recurring_items as item where item.user_id = -1 and item.id = 1;
$$;
create function pg_temp.days(
    _drafts data.recurring_items[], _pauses core.pause[] default null
)
returns text language sql as $$
    select string_agg(due.recurring_item_id || ' ' || to_char(due.on_day, 'MM-DD'), ', '
        order by due.recurring_item_id, due.on_day)
    from core.plan_rows(
        -1, '{1}', '{1}', null, null, null, '2026-01-01', '2026-01-01', '2026-06-30', _drafts,
        _pauses
    ) as due
    where due.recurring_item_id <> 2 or due.on_day < '2026-01-15';
$$;

select is(
    (select array_agg(id order by id) from core.variant_items(-1, null)), '{1,2}',
    'without drafts the items are those that are stored'
);
select is(
    (select array_agg(name) from core.variant_items(-1, array[pg_temp.draft('{"name": "New"}')])),
    '{New}', 'drafts stand in place of all of them'
);
select is_empty('select core.variant_items(-1, ''{}'')', 'no drafts at all: nothing comes again');
select is(
    pg_temp.days(null), '1 01-31, 1 02-28, 1 03-31, 1 04-30, 2 01-05, 2 01-12',
    'the stored schedule'
);
select is(
    pg_temp.days(array[pg_temp.draft('{"occurrences": 2}')]), '1 01-31, 1 02-28',
    'a draft is counted from its anchor as a stored item is'
);
select is(
    pg_temp.days(array[pg_temp.draft('{"id": 9, "frequency": "weekly", "weekday": 5,
        "occurrences": 2, "anchor_on": "2026-01-31"}')]),
    '9 02-06, 9 02-13', 'and steps in days from the weekday it names'
);
select is(
    pg_temp.days(null, array[row(1, '2026-02-28', '2026-03-30')::core.pause]),
    '1 01-31, 1 03-31, 1 04-30, 2 01-05, 2 01-12',
    'what rests is left out from the first to the last day, and counted on'
);
select is(
    pg_temp.days(null, array[row(2, '2026-01-05', '2026-01-05')::core.pause]),
    '1 01-31, 1 02-28, 1 03-31, 1 04-30, 2 01-12', 'one that steps in days rests as well'
);
select ok(
    core.variant_rests(array[row(1, '2026-02-01', '2026-02-28')::core.pause], 1, '2026-02-28'),
    'the last day of a pause belongs to it'
);
select ok(
    not core.variant_rests(
        array[row(1, '2026-02-01', '2026-02-28')::core.pause], 2, '2026-02-28'
    ),
    'one item rests, another does not'
);

insert into data.transactions (
    user_id, account_id, amount, transaction_date, description, recurring_item_id
)
values (-1, 1, -3, '2026-01-05', 'Coffee', 2);
insert into data.recurring_exceptions (user_id, recurring_item_id, occurrence_on, action, amount)
values (-1, 1, '2026-01-31', 'amount', 70);

select is(
    (
        select count(*) from core.posted_pairs(-1, '{1}', '2026-01-06', array[
            pg_temp.draft('{"kind": "expense", "amount": -3, "anchor_on": "2026-01-05"}')
        ])
    ),
    1::bigint, 'a booking of an item that is thought away is free for one that is alike'
);
select is(
    (
        select change.extras[1].net_cents
        from core.change_row(
            -1, '{1}', '{1}', '2026-01-01', '2026-01-01', '2026-06-30', true, true,
            array[pg_temp.draft('{"amount": 120}')]
        ) as change
    ),
    7000::bigint, 'an exception holds for the changed item'
);
select is(
    (
        select change.extras
        from core.change_row(
            -1, '{1}', '{1}', '2026-01-01', '2026-01-01', '2026-06-30', true, true, null,
            array[row(1, '2026-01-31', '2026-01-31')::core.pause]
        ) as change
    ),
    null, 'and none for a day on which it rests'
);
select is(
    (
        select ground.due_from
        from core.ground_row(
            -1, '2026-02-10', null, null,
            array[pg_temp.draft('{"expected_from": "2026-02-08"}')]
        ) as ground
    ),
    '2026-02-08'::date, 'what is overdue begins with the items that are thought of'
);

select * from finish();
