select plan(34);

insert into data.users (id) values (-1), (-2);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01'), (-2, 1, 'Checking', 'USD', '2020-01-01');

create function pg_temp.book(_days date[], _amounts numeric[], _payee text default 'Payee')
returns void language sql as $$
    insert into data.transactions (
        user_id, account_id, amount, transaction_date, description, counterparty
    )
    select -1, 1, coalesce(_amounts[place], _amounts[1]), day, 'Booking ' || place, _payee
    from unnest(_days) with ordinality as booked (day, place);
$$;

-- What is seen on a day with a confidence of _least at least, after booking nothing but that.
create function pg_temp.seen(_as_of date, _least numeric default 0.6)
returns text language sql as $$
    select string_agg(
        concat_ws(
            ' ', frequency, every_n, array_to_string(month_days, '+'), nullif(roll, 'none'),
            amount, 'next', next_on
        ),
        ', ' order by amount desc, next_on
    )
    from core.series_rows(-1, _as_of)
    where confidence >= _least;
$$;
create function pg_temp.only(
    _days date[], _amounts numeric[], _as_of date, _least numeric default 0.6
)
returns text language plpgsql as $$
begin
    delete from data.transactions where user_id = -1;
    perform pg_temp.book(_days, _amounts);
    return pg_temp.seen(_as_of, _least);
end;
$$;

select is(pg_temp.only('{}', '{-1}', '2026-05-01'), null, 'nothing booked, nothing seen');
select is(
    pg_temp.only('{2026-01-12,2026-02-12,2026-03-12,2026-04-12}', '{-50}', '2026-04-20'),
    'monthly 1 12 -50.00 next 2026-05-12', 'the 12th of the month'
);
select is(
    pg_temp.only('{2026-01-30,2026-02-28,2026-03-30,2026-04-30}', '{-50}', '2026-05-01'),
    'monthly 1 30 -50.00 next 2026-05-30', 'the 30th, clamped in February, is not the last day'
);
select is(
    pg_temp.only('{2025-12-31,2026-01-31,2026-02-28,2026-03-31}', '{-50}', '2026-04-01'),
    'monthly 1 -1 -50.00 next 2026-04-30', 'the 31st is the last day'
);
select is(
    pg_temp.only('{2026-01-30,2026-02-27,2026-03-30,2026-04-29}', '{-50}', '2026-05-01'),
    'monthly 1 30 -50.00 next 2026-05-30', 'three days off are the same month'
);
select is(
    pg_temp.only(
        '{2026-01-15,2026-02-16,2026-03-16,2026-04-15,2026-05-15}', '{-50}', '2026-05-20'
    ),
    'monthly 1 15 next -50.00 next 2026-06-15', 'the 15th, or the Monday after'
);
select is(
    pg_temp.only(
        '{2025-09-15,2025-10-15,2025-11-14,2025-12-15,2026-01-15,2026-02-13}', '{900}', '2026-02-20'
    ),
    'monthly 1 15 previous 900.00 next 2026-03-13', 'the 15th, or the Friday before'
);
select is(
    pg_temp.only('{2026-01-05,2026-01-12,2026-01-19,2026-01-26}', '{-9}', '2026-01-27'),
    'weekly 1 -9.00 next 2026-02-02', 'every Monday'
);
select is(
    pg_temp.only('{2026-01-02,2026-01-16,2026-01-30,2026-02-13}', '{900}', '2026-02-14'),
    'biweekly 1 900.00 next 2026-02-27', 'every second Friday'
);
select is(
    pg_temp.only('{2026-01-02,2026-01-30,2026-02-27,2026-03-27}', '{-9}', '2026-03-28'),
    'weekly 4 -9.00 next 2026-04-24', 'every fourth Friday'
);
select is(
    pg_temp.only(
        '{2026-01-05,2026-01-20,2026-02-05,2026-02-20,2026-03-05,2026-03-20}', '{-9}', '2026-03-21'
    ),
    'semimonthly 1 5+20 -9.00 next 2026-04-05', 'the 5th and the 20th'
);
select is(
    pg_temp.only(
        '{2026-01-15,2026-01-31,2026-02-15,2026-02-28,2026-03-15,2026-03-31}', '{9}', '2026-04-01'
    ),
    'semimonthly 1 15+-1 9.00 next 2026-04-15', 'the 15th and the last'
);
select is(
    pg_temp.only('{2025-06-10,2025-09-10,2025-12-10,2026-03-10}', '{-30}', '2026-03-11'),
    'quarterly 1 10 -30.00 next 2026-06-10', 'every quarter'
);
select is(
    pg_temp.only('{2025-09-10,2025-11-10,2026-01-10,2026-03-10}', '{-30}', '2026-03-11'),
    'monthly 2 10 -30.00 next 2026-05-10', 'every second month'
);
select is(
    pg_temp.only('{2024-04-01,2025-04-01,2026-04-01}', '{-99}', '2026-04-02'),
    'yearly 1 1 -99.00 next 2027-04-01', 'every year'
);
select is(
    pg_temp.only('{2026-01-12,2026-02-12}', '{-50}', '2026-02-20'),
    'monthly 1 12 -50.00 next 2026-03-12', 'seen twice'
);
select is(
    pg_temp.only('{2026-01-12}', '{-50}', '2026-01-20', 0), null, 'seen once is not seen to repeat'
);

-- Amounts.
select is(
    pg_temp.only(
        '{2026-01-12,2026-02-12,2026-03-12,2026-04-12}', '{-50,-50,-52,-52}', '2026-04-20'
    ),
    'monthly 1 12 -52.00 next 2026-05-12', 'a rise: the median of the last three'
);
select is(
    pg_temp.only(
        '{2025-12-12,2026-01-12,2026-02-12,2026-03-12,2026-04-12}', '{100,100,150,100,100}',
        '2026-04-20'
    ),
    'monthly 1 12 100.00 next 2026-05-12', 'a bonus in between'
);
select is(
    pg_temp.only(
        '{2026-01-12,2026-02-12,2026-03-12,2026-04-12}', '{-50,-90,-31,-70}', '2026-04-20'
    ),
    null, 'amounts all over the place halve the confidence'
);

-- Gaps.
select is(
    pg_temp.only(
        '{2025-11-12,2025-12-12,2026-02-12,2026-03-12,2026-04-12}', '{-50}', '2026-04-20'
    ),
    'monthly 1 12 -50.00 next 2026-05-12', 'one missed'
);
select is(
    pg_temp.only('{2025-11-12,2025-12-12,2026-01-12,2026-02-12}', '{-50}', '2026-04-01', 0),
    null, 'a series that stopped is over after 45 days'
);
select is(
    pg_temp.only('{2025-11-12,2025-12-12,2026-01-12,2026-02-12}', '{-50}', '2026-03-20'),
    'monthly 1 12 -50.00 next 2026-04-12', 'late is not over'
);

-- Two series of one payee.
select is(
    pg_temp.only(
        '{2026-01-01,2026-01-15,2026-02-01,2026-02-15,2026-03-01,2026-03-15,2026-04-01,2026-04-15}',
        '{-100,-250,-100,-250,-100,-250,-100,-250}', '2026-04-16'
    ),
    'monthly 1 1 -100.00 next 2026-05-01, monthly 1 15 -250.00 next 2026-05-15',
    'two orders to one payee are told apart by amount'
);
select is(
    pg_temp.only(
        '{2026-01-12,2026-01-12,2026-02-12,2026-02-12,2026-03-12,2026-03-12}',
        '{-100,-250,-100,-250,-100,-250}', '2026-03-13'
    ),
    'monthly 1 12 -100.00 next 2026-04-12, monthly 1 12 -250.00 next 2026-04-12',
    'on one day too'
);
select is(
    pg_temp.only(
        '{2026-01-05,2026-01-12,2026-02-05,2026-02-12,2026-03-05,2026-03-12,2026-04-05,2026-04-12}',
        '{-100}', '2026-04-13'
    ),
    'monthly 1 5 -100.00 next 2026-05-05, monthly 1 12 -100.00 next 2026-05-12',
    'and by day when the amounts are even'
);
select is(
    pg_temp.only(
        '{2026-01-12,2026-01-19,2026-02-12,2026-02-27,2026-03-12,2026-03-13,2026-04-12}',
        '{-9.99,-31.5,-9.99,-77,-9.99,-12,-9.99}', '2026-04-13'
    ),
    'monthly 1 12 -9.99 next 2026-05-12', 'a subscription among the purchases of a shop'
);

-- Noise.
select is(
    pg_temp.only(
        '{2026-01-03,2026-01-06,2026-01-11,2026-01-17,2026-01-20,2026-01-29,2026-02-02,2026-02-04,
        2026-02-14,2026-02-15,2026-02-21,2026-03-01,2026-03-05,2026-03-13,2026-03-14,2026-03-24}',
        '{-31.2,-55.4,-12.8,-90.1,-44.7,-61,-28.3,-19.9,-70.5,-33,-48.6,-52.1,-27,-81,-15,-39.9}',
        '2026-03-25'
    ),
    null, 'groceries are no series'
);
select is(
    pg_temp.only(
        '{2026-01-03,2026-01-10,2026-01-17,2026-01-24,2026-01-31,2026-02-07}',
        '{-31.2,-95.4,-52.8,-20.1,-74.7,-61}', '2026-02-08'
    ),
    null, 'nor are they when every Saturday is market day'
);
select is(
    pg_temp.only(
        '{2026-01-12,2026-02-12,2026-02-20,2026-03-12}', '{-50,-50,50,-50}', '2026-03-20'
    ),
    'monthly 1 12 -50.00 next 2026-04-12', 'a refund is the other direction'
);

-- What the rows say.
select results_eq(
    $$select anchor_on, first_on, last_on, least_amount, most_amount, missed_count,
        round(confidence::numeric, 3), cardinality(transaction_ids)
    from core.series_rows(-1, '2026-04-20')$$,
    $$select '2026-01-12'::date, '2026-01-12'::date, '2026-03-12'::date, -50.00, -50.00, 1::bigint,
        0.600, 3$$,
    'two hits and one that did not come, by the formula: (2 + 1) / (3 + 2)'
);
select is(
    (select fingerprint from core.series_rows(-1, '2026-03-12')),
    (select fingerprint from core.series_rows(-1, '2026-03-01')),
    'a fingerprint stays when the series goes on'
);
select results_eq(
    $$select user_id, fingerprint, next_on from core.series_many('{-2,-1}', '2026-03-20')$$,
    $$select -1::bigint, fingerprint, next_on from core.series_rows(-1, '2026-03-20')$$,
    'many are as one'
);
select results_eq(
    $$select on_day, amount from core.series_dates('{-2,-1}', '2026-03-20', 92) order by on_day$$,
    $$values ('2026-04-12'::date, -50.00), ('2026-05-12', -50.00), ('2026-06-12', -50.00)$$,
    'the days to come'
);

select * from finish();
