select plan(27);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01'), (-1, 2, 'Savings', 'USD', '2020-01-01');
-- 2026-01-01 is a Thursday; with the Friday after it, four days are closed.
select is(
    core.calendar_take(
        'ODD', 'Odd days', 2026, 2026, '{2026-01-01,2026-01-02}', '{New Year,The day after}'
    ),
    2::bigint, 'a calendar with two holidays'
);

select is(sign.net_sign, 1, 'what a covered account gets or pays counts')
from core.occurrence_sign('expense', 1, null, '{1}') as sign;
select is(sign.net_sign, 0, 'what another account pays does not')
from core.occurrence_sign('expense', 2, null, '{1}') as sign;
select is(sign.net_sign, 0, 'a transfer between covered accounts changes nothing')
from core.occurrence_sign('transfer', 1, 2, '{1,2}') as sign;
select is(sign.net_sign, -1, 'a transfer that leaves them is spending')
from core.occurrence_sign('transfer', 1, 2, '{1}') as sign;
select is(sign.net_sign, 1, 'a transfer that comes in is income')
from core.occurrence_sign('transfer', 1, 2, '{2}') as sign;

create function pg_temp.rolled(_on date, _roll text, _calendar text default null)
returns date language sql as $$
    select rolled.on_day from core.occurrence_rolled(_on, _roll, _calendar) as rolled;
$$;

select is(
    pg_temp.rolled('2026-01-10', null), '2026-01-10'::date,
    'a Saturday that does not roll'
);
select is(pg_temp.rolled('2026-01-10', 'next'), '2026-01-12'::date, 'rolls to Monday');
select is(pg_temp.rolled('2026-01-11', 'next'), '2026-01-12'::date, 'and so does a Sunday');
select is(pg_temp.rolled('2026-01-11', 'previous'), '2026-01-09'::date, 'or back to Friday');
select is(pg_temp.rolled('2026-01-10', 'skip'), null, 'or nowhere');
select is(pg_temp.rolled('2026-01-09', 'skip'), '2026-01-09'::date, 'a business day stays');
select is(
    pg_temp.rolled('2026-01-01', 'next'), '2026-01-01'::date,
    'without a calendar a holiday is a business day'
);
select is(
    pg_temp.rolled('2026-01-01', 'next', 'ODD'), '2026-01-05'::date,
    'with one it rolls over the long weekend'
);
select is(
    pg_temp.rolled('2026-01-04', 'previous', 'ODD'), '2025-12-31'::date,
    'into the year before'
);
select is(pg_temp.rolled('2026-01-02', 'skip', 'ODD'), null, 'a holiday can be left out');
select results_eq(
    $$ select pg_temp.rolled(day::date, 'next'), pg_temp.rolled(day::date, 'previous')
       from generate_series('1900-01-01'::date, '1900-02-28', '1 day') as day $$,
    $$ select pg_temp.rolled(day::date, 'next', 'WEEKENDS'),
              pg_temp.rolled(day::date, 'previous', 'WEEKENDS')
       from generate_series('1900-01-01'::date, '1900-02-28', '1 day') as day $$,
    'the weekend by arithmetic is the weekend of the calendar'
);

insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, roll, calendar, expected_from
)
values
    (-1, 1, 'expense', 'Rent', -10, 1, 'monthly', '2026-01-03', 'next', null, '2026-01-01'),
    (-1, 2, 'income', 'Salary', 20, 1, 'monthly', '2026-01-31', 'previous', null, '2026-01-01');

create function pg_temp.rows_of(_from date, _to date)
returns text language sql as $$
    select string_agg(
        concat_ws(
            ' ', recurring_item_id, to_char(occurrence_on, 'MM-DD'), to_char(on_day, 'MM-DD'),
            net_cents / 100, reason
        ),
        ', ' order by on_day, recurring_item_id
    )
    from core.occurrence_rows(-1, '{1}', '{1}', _from, _to);
$$;

select is(
    pg_temp.rows_of('2026-01-01', '2026-01-31'),
    '1 01-03 01-05 -10 rolled, 2 01-31 01-30 20 rolled', 'both ways of rolling'
);
select is(
    pg_temp.rows_of('2026-01-04', '2026-01-30'),
    '1 01-03 01-05 -10 rolled, 2 01-31 01-30 20 rolled', 'what rolls in over an edge is there'
);
select is(pg_temp.rows_of('2026-01-31', '2026-01-31'), null, 'what rolls out over an edge is not');

insert into data.recurring_exceptions (
    user_id, recurring_item_id, occurrence_on, action, moved_to, amount
)
values
    (-1, 1, '2026-01-03', 'skip', null, null),
    (-1, 1, '2026-02-03', 'move', '2026-02-07', null),
    (-1, 2, '2026-02-28', 'amount', null, 25),
    (-1, 2, '2026-03-31', 'move', '2026-06-06', 30),
    (-1, 2, '2026-05-05', 'move', '2026-05-06', null);

select is(
    pg_temp.rows_of('2026-01-01', '2026-01-31'), '2 01-31 01-30 20 rolled', 'skipped is gone'
);
select is(
    pg_temp.rows_of('2026-02-01', '2026-02-28'),
    '1 02-03 02-07 -10 moved, 2 02-28 02-27 25 other_amount',
    'a moved day is taken literally, even a Saturday; another amount still rolls'
);
select is(
    pg_temp.rows_of('2026-03-31', '2026-03-31'), null, 'what moves away leaves its day'
);
select is(
    pg_temp.rows_of('2026-06-06', '2026-06-06'), '2 03-31 06-06 30 moved',
    'and comes from months away, with the amount of the move'
);
select is(
    pg_temp.rows_of('2026-05-05', '2026-05-06'), null,
    'an exception to a day that the rule does not have places nothing'
);
select ok(
    core.occurrence_holds(-1, 2, '2026-03-31'), 'a rule holds on its own day, exception or not'
);
select ok(not core.occurrence_holds(-1, 2, '2026-03-30'), 'and on no other');

select * from finish();
