select plan(8);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01'), (-1, 2, 'Savings', 'USD', '2020-01-01');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, to_account_id, frequency, anchor_on, roll,
    expected_from
)
values
    (-1, 1, 'expense', 'Rent', -10, 1, null, 'monthly', '2026-01-10', 'next', '2026-01-01'),
    (-1, 2, 'transfer', 'Saving', 7, 1, 2, 'monthly', '2026-01-25', 'none', '2026-01-01');

create function pg_temp.plan_of(
    _due_from date, _covered bigint[] default '{1,2}', _active bigint[] default '{1,2}',
    _gone_items bigint[] default null, _gone_days date[] default null,
    _extras core.due[] default null
)
returns text language sql as $$
    select string_agg(
        concat_ws(
            ' ', recurring_item_id, to_char(occurrence_on, 'MM-DD'), to_char(on_day, 'MM-DD'),
            net_cents / 100, reason
        ),
        ', ' order by on_day, recurring_item_id
    )
    from core.plan_rows(
        -1, _active, _covered, _gone_items, _gone_days, _extras, '2026-01-20', _due_from,
        '2026-02-15'
    );
$$;

select is(
    pg_temp.plan_of('2026-01-01', '{1}'),
    '1 01-10 01-20 -10 overdue, 2 01-25 01-25 -7 scheduled, 1 02-10 02-10 -10 scheduled',
    'what is overdue lands on the first day'
);
select is(
    pg_temp.plan_of('2026-01-20', '{1}'), '2 01-25 01-25 -7 scheduled, 1 02-10 02-10 -10 scheduled',
    'unless nothing overdue is asked for'
);
select is(
    pg_temp.plan_of('2026-01-13', '{1}'), '2 01-25 01-25 -7 scheduled, 1 02-10 02-10 -10 scheduled',
    'or it lies too far back: it was rolled to the 12th'
);
update data.recurring_items set expected_from = '2026-01-13' where user_id = -1 and id = 1;
select is(
    pg_temp.plan_of('2026-01-01', '{1}'),
    '2 01-25 01-25 -7 scheduled, 1 02-10 02-10 -10 scheduled',
    'or before the day from which the item is expected'
);
select is(
    pg_temp.plan_of('2026-01-20', '{1}', '{1}'), '1 02-10 02-10 -10 scheduled',
    'an item that touches a closed account is out, also as a target'
);
select is(
    pg_temp.plan_of('2026-01-20'), '2 01-25 01-25 0 scheduled, 1 02-10 02-10 -10 scheduled',
    'a transfer between covered accounts is there and does nothing'
);
select is(
    pg_temp.plan_of('2026-01-20', '{1}', '{1,2}', '{1,2}', '{2026-02-10,2026-02-10}'),
    '2 01-25 01-25 -7 scheduled', 'what is gone is left out, and only that'
);
select is(
    pg_temp.plan_of(
        '2026-01-20', '{1}', '{1,2}', '{1}', '{2026-02-10}',
        array[row(1, '2026-02-10', '2026-02-12', -900, -900, 'moved')::core.due]
    ),
    '2 01-25 01-25 -7 scheduled, 1 02-10 02-12 -9 moved', 'extras are added'
);

select * from finish();
