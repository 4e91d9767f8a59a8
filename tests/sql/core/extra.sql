select plan(10);

insert into data.users (id) values (-1);
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values (-1, 1, 'Checking', 'USD', '2020-01-01', 1000, 1000);
create function pg_temp.item(
    _amount numeric, _on date, _kind text default 'expense', _frequency text default 'monthly'
)
returns void language sql as $$
    insert into data.recurring_items (
        user_id, kind, name, amount, account_id, frequency, anchor_on, roll, expected_from
    )
    values (-1, _kind, 'Item', _amount, 1, _frequency, _on, 'none', '2026-01-01');
$$;
-- Extra and closing of a day, when a series books _cents on day 10 and every 30 days from then on.
create function pg_temp.seen(
    _day integer, _cents bigint default 0, _first integer default 10, _days integer default 60
)
returns text language sql as $$
    select concat_ws(' ', row.extra[_day], row.closing[_day])
    from core.ground_row(-1, '2026-01-31') as ground
    cross join lateral core.extra_row(
        -1,
        ground,
        case _cents when 0 then '{}' else array[_first, _first + 30, _first + 60] end,
        case _cents when 0 then '{}' else array_fill(_cents, '{3}') end,
        _days
    ) as row;
$$;

select is(pg_temp.seen(60), '0 100000', 'nothing is scheduled: the balance, and nothing extra');

-- 100.00 a month on the 10th: days 10 and 38.
select pg_temp.item(-100, '2026-02-10');
select is(pg_temp.seen(9), '0 100000', 'before its day nothing has moved');
select is(pg_temp.seen(10), '-10000 90000', 'an item that no habit shows is all extra');
select is(pg_temp.seen(60), '-20000 80000', 'summed up to the day');
select is(
    pg_temp.seen(60, -10000), '0 80000', 'an item that is a habit is in the ledger already'
);
select is(
    pg_temp.seen(60, -8000, 13), '-4000 80000',
    'of one within three days, half and twice the amount, what it has more'
);
select is(pg_temp.seen(60, -15000), '0 80000', 'and never the other way, when it has less');
select is(
    array[pg_temp.seen(60, -8000, 15), pg_temp.seen(60, -4000), pg_temp.seen(60, 10000)],
    array_fill('-20000 80000'::text, '{3}'),
    'another day, another size or another direction is another thing'
);
select pg_temp.item(500, '2026-02-20', 'income');
select is(pg_temp.seen(60, -10000), '100000 180000', 'what comes in counts in its own direction');
select pg_temp.item(-70, '2026-02-02', 'expense', 'weekly');
select is(
    pg_temp.seen(5, -7000, 10, 7), pg_temp.seen(5, -7000),
    'what an item is does not depend on how many days are asked for'
);

select * from finish();
