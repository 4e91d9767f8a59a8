select plan(30);

select is(
    array(
        select core.explain_ordinal(number)
        from unnest('{1,2,3,4,11,12,13,21,31,101,111}'::integer[]) as number
    ),
    '{1st,2nd,3rd,4th,11th,12th,13th,21st,31st,101st,111th}', 'ordinals'
);
select is(core.explain_weekday(7), 'Sunday', 'an ISO week ends on Sunday');

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01'), (-1, 2, 'Savings', 'USD', '2020-01-01');
insert into data.holiday_calendars (code, name) values ('US', 'Banks') on conflict do nothing;

create function pg_temp.words(
    _frequency text,
    _anchor_on date,
    _every_n integer default 1,
    _month_days integer[] default null,
    _weekday integer default null,
    _nth integer default null,
    _ends_on date default null,
    _occurrences integer default null,
    _roll text default 'none',
    _calendar text default null
)
returns text language plpgsql as $$
begin
    delete from data.recurring_items where user_id = -1;
    insert into data.recurring_items (
        user_id, id, kind, name, amount, account_id, frequency, every_n, anchor_on, month_days,
        weekday, nth, ends_on, occurrences, roll, calendar, expected_from
    )
    values (
        -1, 7, 'expense', 'Rent', -10, 1, _frequency, _every_n, _anchor_on, _month_days, _weekday,
        _nth, _ends_on, _occurrences, _roll, _calendar, '2020-01-01'
    );
    return (select core.explain_rule(item) from data.recurring_items as item where user_id = -1);
end;
$$;

select is(pg_temp.words('once', '2026-05-01'), 'once on 2026-05-01', 'once');
select is(pg_temp.words('daily', '2026-05-01'), 'every day', 'daily');
select is(pg_temp.words('daily', '2026-05-01', 3), 'every 3 days', 'every third day');
select is(pg_temp.words('weekly', '2026-05-01'), 'weekly on Friday', 'weekly');
select is(
    pg_temp.words('weekly', '2026-05-01', _weekday => 1), 'weekly on Monday', 'weekly by name'
);
select is(pg_temp.words('biweekly', '2026-05-01'), 'every 2 weeks on Friday', 'biweekly');
select is(
    pg_temp.words('biweekly', '2026-05-01', 2), 'every 4 weeks on Friday', 'every other biweekly'
);
select is(
    pg_temp.words('semimonthly', '2026-05-01'), 'twice a month on the 1st and the 16th',
    'semimonthly'
);
select is(
    pg_temp.words('semimonthly', '2026-05-15', _month_days => '{15,-1}'),
    'twice a month on the 15th and the last day', 'semimonthly by days'
);
select is(pg_temp.words('monthly', '2026-05-12'), 'monthly on the 12th', 'monthly');
select is(
    pg_temp.words('monthly', '2026-05-31'), 'monthly on the 31st, last day of shorter months',
    'monthly on a day that some months do not have'
);
select is(
    pg_temp.words('monthly', '2026-05-31', _month_days => '{-1}'), 'monthly on the last day',
    'monthly at the end'
);
select is(
    pg_temp.words('monthly', '2026-05-31', _month_days => '{10,5,10}'),
    'monthly on the 5th and the 10th', 'days in order, each once'
);
select is(
    pg_temp.words('monthly', '2026-05-31', _weekday => 2, _nth => 2),
    'monthly on the second Tuesday', 'monthly by weekday'
);
select is(
    pg_temp.words('monthly', '2026-05-31', 2, _weekday => 5, _nth => -1),
    'every 2 months on the last Friday', 'every other month'
);
select is(
    pg_temp.words('monthly', '2026-05-12', 3), 'quarterly on the 12th',
    'three months are a quarter'
);
select is(pg_temp.words('quarterly', '2026-05-12', 2), 'every 6 months on the 12th', 'half a year');
select is(pg_temp.words('yearly', '2026-05-12'), 'yearly on the 12th of May', 'yearly');
select is(
    pg_temp.words('yearly', '2024-02-29', 2),
    'every 2 years on the 29th of February, last day of shorter months', 'every other year'
);
select is(
    pg_temp.words('monthly', '2026-05-12', _ends_on => '2027-01-01', _occurrences => 12),
    'monthly on the 12th, 12 times, until 2027-01-01', 'the end of a rule'
);
select is(
    pg_temp.words('monthly', '2026-05-31', _roll => 'next', _calendar => 'US'),
    'monthly on the 31st, last day of shorter months; next business day (US)', 'rolling on'
);
select is(
    pg_temp.words('daily', '2026-05-31', _roll => 'skip'),
    'every day; left out on closed days (weekends)', 'rolling nowhere'
);
select is(
    pg_temp.words('weekly', '2026-05-31', _roll => 'previous'),
    'weekly on Sunday; previous business day (weekends)', 'rolling back'
);

-- The list of January: rent on Saturday the 10th, rolled; a transfer on the 12th.
select is(
    pg_temp.words('monthly', '2026-01-10', _roll => 'next'),
    'monthly on the 10th; next business day (weekends)', 'the rent'
);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, to_account_id, frequency, anchor_on, expected_from
)
values (-1, 8, 'transfer', 'To "savings"', 4, 1, 2, 'monthly', '2026-01-12', '2026-01-01');

create function pg_temp.list(_covered bigint[], _start date default '2026-01-05')
returns text language sql as $$
    select core.explain_list(
        -1, '{1,2}', _covered, null, null, null, '2026-01-05', '2026-01-05', _start, 10
    );
$$;

select is(
    pg_temp.list('{1,2}'),
    '[{"date":"2026-01-12","items":[{"recurring_item_id":7,"name":"Rent","kind":"expense",'
        || '"amount":-10.00,"net_change":-10.00,"account_id":1,"to_account_id":null,'
        || '"rule":"monthly on the 10th; next business day (weekends)",'
        || '"occurrence_on":"2026-01-10","reason":"rolled"},{"recurring_item_id":8,'
        || '"name":"To \"savings\"","kind":"transfer","amount":4.00,"net_change":0.00,'
        || '"account_id":1,"to_account_id":2,"rule":"monthly on the 12th",'
        || '"occurrence_on":"2026-01-12","reason":"scheduled"}]}]',
    'the items of a day by key, with the day before rolling'
);
select is(
    pg_temp.list('{2}')::json #>> '{0,items,0,net_change}', '4.00',
    'one account sees what touches it'
);
select is(pg_temp.list('{1,2}', '2026-01-13'), '[]', 'days before the start are not listed');

insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
select -1, 100 + number, 'expense', 'Coffee', -3, 1, 'daily', '2026-01-05', '2026-01-05'
from generate_series(1, 1001) as number;
select throws_ok(
    $$select pg_temp.list('{1,2}')$$, 'PT422',
    'explain lists at most 10000 items: ask for fewer days',
    'an answer that nobody could read is refused'
);

select * from finish();
