select plan(8);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values
    (-1, 1, 'expense', 'Rent', -10, 1, 'monthly', '2026-01-10', '2026-01-01'),
    (-1, 2, 'income', 'Salary', 30, 1, 'monthly', '2026-01-10', '2026-01-01'),
    (-1, 3, 'expense', 'Phone', -2, 1, 'monthly', '2026-01-12', '2026-01-01');

create function pg_temp.steps(
    _start date, _days integer, _initial_cents bigint default null, _marks date[] default null
)
returns text language sql as $$
    select string_agg(
        concat_ws(
            ' ', to_char(on_day, 'MM-DD'), gap_days, income_cents / 100, expense_cents / 100,
            closing_cents / 100
        ),
        ', '
    )
    from core.step_rows(
        -1, '{1}', '{1}', null, null, null, '2026-01-05', '2026-01-05', 10000, _start, _days,
        _initial_cents, _marks
    );
$$;

select is(
    pg_temp.steps('2026-01-05', 10), '01-05 5 0 0 100, 01-10 2 30 -10 120, 01-12 3 0 -2 118',
    'one row per day on which something happens, and the first day'
);
select is(pg_temp.steps('2026-01-05', 3), '01-05 3 0 0 100', 'a plan without events is one step');
select is(pg_temp.steps('2026-01-05', 1), '01-05 1 0 0 100', 'of one day, if asked');
select is(
    pg_temp.steps('2026-01-05', 6), '01-05 5 0 0 100, 01-10 1 30 -10 120',
    'the last day of the horizon is part of it'
);
select is(
    pg_temp.steps('2026-01-11', 4), '01-11 1 0 0 120, 01-12 3 0 -2 118',
    'what moves before the start is in the balance that it opens with'
);
select is(
    pg_temp.steps('2026-01-11', 4, 500), '01-11 1 0 0 5, 01-12 3 0 -2 3',
    'unless that balance is given'
);
select is(
    pg_temp.steps('2026-01-10', 1), '01-10 1 30 -10 120',
    'income and expenses of a day side by side'
);
select is(
    pg_temp.steps('2026-01-05', 10, null, '{2026-01-08,2026-01-12}'),
    '01-05 3 0 0 100, 01-08 2 0 0 100, 01-10 2 30 -10 120, 01-12 3 0 -2 118',
    'a mark is a step where nothing happens, and changes none where something does'
);

select * from finish();
