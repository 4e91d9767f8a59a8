select plan(44);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01'), (-1, 2, 'Savings', 'USD', '2020-01-01');

-- The days of one rule from _from to _to, as 'YY-MM-DD YY-MM-DD'.
create function pg_temp.days(
    _frequency text,
    _anchor_on date,
    _from date,
    _to date,
    _every_n integer default 1,
    _month_days integer[] default null,
    _weekday integer default null,
    _nth integer default null,
    _ends_on date default null,
    _occurrences integer default null,
    _is_active boolean default true
)
returns text language plpgsql as $$
begin
    delete from data.recurring_items where user_id = -1;
    insert into data.recurring_items (
        user_id, id, kind, name, amount, account_id, frequency, every_n, anchor_on, month_days,
        weekday, nth, ends_on, occurrences, expected_from, is_active
    )
    values (
        -1, 7, 'expense', 'Rent', -10, 1, _frequency, _every_n, _anchor_on, _month_days, _weekday,
        _nth, _ends_on, _occurrences, '2020-01-01', _is_active
    );
    return (
        select string_agg(to_char(occurrence_on, 'YY-MM-DD'), ' ' order by occurrence_on)
        from core.rhythm_dates(-1, '{1}', '{1}', _from, _to)
    );
end;
$$;

select is(
    pg_temp.days('once', '2026-05-01', '2026-01-01', '2026-12-31'), '26-05-01',
    'once is once'
);
select is(pg_temp.days('once', '2026-05-01', '2026-05-02', '2200-12-31'), null, 'and not again');
select is(
    pg_temp.days('once', '2026-05-01', '2026-01-01', '2026-12-31', _occurrences => 10000),
    '26-05-01',
    'once is once, whatever the count'
);
select is(
    pg_temp.days('daily', '2026-01-01', '2026-02-27', '2026-03-02'),
    '26-02-27 26-02-28 26-03-01 26-03-02', 'daily passes the end of a month'
);
select is(
    pg_temp.days('daily', '2026-01-01', '2026-01-02', '2026-01-10', 3),
    '26-01-04 26-01-07 26-01-10',
    'every third day is counted from the anchor, not from the window'
);
select is(
    pg_temp.days('daily', '2026-01-05', '2026-01-01', '2026-01-06'), '26-01-05 26-01-06',
    'nothing lies before the anchor'
);
select is(
    pg_temp.days('daily', '2026-01-05', '2025-12-01', '2026-01-04'), null,
    'a window before the anchor is empty'
);
select is(
    pg_temp.days('weekly', '2026-01-07', '2026-01-01', '2026-01-22'), '26-01-07 26-01-14 26-01-21',
    'weekly keeps the weekday of its anchor'
);
select is(
    pg_temp.days('weekly', '2026-01-07', '2026-01-01', '2026-01-20', _weekday => 1),
    '26-01-12 26-01-19', 'a weekday begins on its first day on or after the anchor'
);
select is(
    pg_temp.days('weekly', '2026-01-07', '2026-01-01', '2026-01-14', _weekday => 3),
    '26-01-07 26-01-14', 'which may be the anchor itself'
);
select is(
    pg_temp.days('weekly', '2026-01-07', '2026-01-01', '2026-02-10', 3, _weekday => 1),
    '26-01-12 26-02-02', 'every third week'
);
select is(
    pg_temp.days('biweekly', '2026-01-02', '2026-01-10', '2026-02-15'),
    '26-01-16 26-01-30 26-02-13', 'biweekly is every second week'
);
select is(
    pg_temp.days('biweekly', '2026-01-02', '2026-01-01', '2026-02-28', 2),
    '26-01-02 26-01-30 26-02-27',
    'every second biweekly is every fourth week'
);
select is(
    pg_temp.days('semimonthly', '2026-01-05', '2026-01-01', '2026-02-28'),
    '26-01-05 26-01-20 26-02-05 26-02-20', 'semimonthly is the day and the 15th day after it'
);
select is(
    pg_temp.days('semimonthly', '2026-01-20', '2026-01-01', '2026-02-28'),
    '26-01-20 26-02-05 26-02-20', 'or the 15th day before it'
);
select is(
    pg_temp.days('semimonthly', '2026-01-15', '2026-02-01', '2026-03-31'),
    '26-02-15 26-02-28 26-03-15 26-03-30', 'the 15th goes with the 30th, cut to the month'
);
select is(
    pg_temp.days('semimonthly', '2026-01-31', '2026-02-01', '2026-03-31'),
    '26-02-16 26-02-28 26-03-16 26-03-31', 'the 31st goes with the 16th'
);
select is(
    pg_temp.days('monthly', '2026-01-31', '2026-01-01', '2026-05-31'),
    '26-01-31 26-02-28 26-03-31 26-04-30 26-05-31',
    'the 31st is cut to the month and does not drift'
);
select is(
    pg_temp.days('monthly', '2024-01-30', '2024-02-01', '2024-03-31'), '24-02-29 24-03-30',
    'a leap year has a 29 February'
);
select is(
    pg_temp.days('monthly', '2025-11-30', '2026-01-15', '2026-03-01', 3), '26-02-28',
    'every third month passes the end of the year'
);
select is(
    pg_temp.days('quarterly', '2025-11-30', '2026-01-01', '2026-12-31'),
    '26-02-28 26-05-30 26-08-30 26-11-30', 'quarterly is every third month'
);
select is(
    pg_temp.days('yearly', '2024-02-29', '2024-01-01', '2028-12-31'),
    '24-02-29 25-02-28 26-02-28 27-02-28 28-02-29', 'a 29 February comes back in a leap year'
);
select is(
    pg_temp.days('yearly', '2096-02-29', '2097-01-01', '2105-01-01', 4), '00-02-28 04-02-29',
    '2100 is no leap year'
);
select is(
    pg_temp.days('monthly', '2026-01-10', '2026-01-01', '2026-03-31', _month_days => '{-1}'),
    '26-01-31 26-02-28 26-03-31', '-1 is the last day'
);
select is(
    pg_temp.days('monthly', '2026-01-10', '2026-01-01', '2026-02-28', _month_days => '{20,5}'),
    '26-01-20 26-02-05 26-02-20', 'listed days before the anchor begin a month later'
);
select is(
    pg_temp.days('monthly', '2026-01-01', '2026-02-01', '2026-03-31', _month_days => '{31,30}'),
    '26-02-28 26-03-30 26-03-31', 'days that are cut to the same day are one occurrence'
);
select is(
    pg_temp.days('monthly', '2026-01-01', '2026-02-01', '2026-02-28', _month_days => '{-1,28,29}'),
    '26-02-28', 'also with the last day among them'
);
select is(
    pg_temp.days('monthly', '2026-01-01', '2026-02-01', '2026-02-28', _month_days => '{15,15}'),
    '26-02-15', 'a day listed twice is one occurrence'
);
select is(
    pg_temp.days('quarterly', '2026-01-15', '2026-01-01', '2026-07-31', _month_days => '{1}'),
    '26-04-01 26-07-01', 'quarters are counted from the month of the anchor'
);
select is(
    pg_temp.days('monthly', '2026-01-01', '2026-01-01', '2026-03-31', _weekday => 2, _nth => 2),
    '26-01-13 26-02-10 26-03-10', 'the second Tuesday'
);
select is(
    pg_temp.days('monthly', '2026-01-01', '2026-01-01', '2026-03-31', _weekday => 5, _nth => -1),
    '26-01-30 26-02-27 26-03-27', 'the last Friday'
);
select is(
    pg_temp.days('monthly', '2026-01-01', '2026-01-01', '2026-05-31', _weekday => 6, _nth => 5),
    '26-01-31 26-05-30', 'a month without a fifth Saturday has none'
);
select is(
    pg_temp.days('monthly', '2026-01-20', '2026-01-01', '2026-02-28', _weekday => 2, _nth => 2),
    '26-02-10', 'the second Tuesday of the anchor''s month lies before the anchor'
);
select is(
    pg_temp.days('yearly', '2026-11-01', '2026-01-01', '2027-12-31', _weekday => 4, _nth => 4),
    '26-11-26 27-11-25', 'the fourth Thursday of November'
);
select is(
    pg_temp.days('monthly', '2026-01-15', '2026-01-01', '2026-12-31', _ends_on => '2026-03-15'),
    '26-01-15 26-02-15 26-03-15', 'the last day of the rule is part of it'
);
select is(
    pg_temp.days('weekly', '2026-01-01', '2026-01-01', '2026-12-31', _occurrences => 2),
    '26-01-01 26-01-08', 'a count of weeks'
);
select is(
    pg_temp.days('monthly', '2026-01-31', '2026-03-01', '2026-12-31', _occurrences => 3),
    '26-03-31', 'a count is counted from the anchor, not from the window'
);
select is(
    pg_temp.days('monthly', '2026-01-31', '2026-05-01', '2026-12-31', _occurrences => 3), null,
    'when it is used up nothing is left'
);
select is(
    pg_temp.days(
        'monthly', '2026-01-30', '2026-01-01', '2026-12-31', _month_days => '{30,31}',
        _occurrences => 4
    ),
    '26-01-30 26-01-31 26-02-28 26-03-30', 'days cut to one are counted once'
);
select is(
    pg_temp.days(
        'monthly', '2026-01-01', '2026-01-01', '2027-12-31', _weekday => 6, _nth => 5,
        _occurrences => 2
    ),
    '26-01-31 26-05-30', 'what does not exist is not counted'
);
select is(
    pg_temp.days('daily', '2026-01-01', '2026-01-01', '2026-01-09', _is_active => false), null,
    'an inactive item has no days'
);

select is(
    pg_temp.days('semimonthly', '2026-01-05', '2026-01-01', '2026-12-31', _occurrences => 3),
    '26-01-05 26-01-20 26-02-05', 'a count of half months'
);
select is(core.rhythm_last(-1, 7, '2026-12-31'), '2026-02-05'::date, 'the third one is the last');
select is(core.rhythm_last(-1, 7, '2026-02-04'), null, 'null as long as it lies after the window');

select * from finish();
