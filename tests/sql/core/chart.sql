select plan(10);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values
    (-1, 1, 'expense', 'Rent', -30, 1, 'monthly', '2026-01-10', '2026-01-01'),
    (-1, 2, 'income', 'Salary', 30, 1, 'monthly', '2026-01-15', '2026-01-01');

create function pg_temp.chart(
    _as_of date, _days integer, _fields text[] default '{}', _reserve_cents bigint default 300
)
returns json language sql as $$
    select ('{' || core.chart_columns(
        -1, '{1}', '{1}', null, null, null, _as_of, _as_of, 1000, _as_of, _days, null, 500, 0,
        _reserve_cents, _fields
    ) || '}')::json;
$$;

select is(
    pg_temp.chart('2026-01-08', 10)::text,
    '{"initial_balance":10.00,"summary":{"lowest_balance":-20.00,"lowest_on":"2026-01-10",'
        || '"first_negative_on":"2026-01-10","next_income_on":"2026-01-15",'
        || '"lowest_before_next_income":-20.00,"safe_to_spend":0.00,"ending_balance":10.00,'
        || '"total_income":30.00,"total_expenses":-30.00}}',
    'a dip before payday: the first day of the lowest balance, nothing is safe to spend'
);
select is(
    pg_temp.chart('2026-01-12', 10)::text,
    '{"initial_balance":10.00,"summary":{"lowest_balance":10.00,"lowest_on":"2026-01-12",'
        || '"first_negative_on":null,"next_income_on":"2026-01-15",'
        || '"lowest_before_next_income":10.00,"safe_to_spend":7.00,"ending_balance":40.00,'
        || '"total_income":30.00,"total_expenses":0.00}}',
    'safe to spend is what lies over the reserve until payday'
);
select is(
    pg_temp.chart('2026-01-15', 20) #>> '{summary,next_income_on}', null,
    'payday is past once it is there: its money is in the balance of the day'
);
select is(
    pg_temp.chart('2026-01-15', 20) #>> '{summary,safe_to_spend}', '37.00',
    'without an income to come the lowest day of the horizon decides'
);
select is(
    pg_temp.chart('2026-01-15', 40) #>> '{summary,next_income_on}', '2026-02-15',
    'the next payday is a month away'
);
select is(
    pg_temp.chart('2026-01-12', 10, _reserve_cents => -500) #>> '{summary,safe_to_spend}', '15.00',
    'a reserve below zero is an overdraft that may be used'
);
select is(
    pg_temp.chart('2026-01-30', 3, '{months}') -> 'summary' ->> 'months',
    '[{"month":"2026-01","income":0.00,"expenses":0.00,"net_change":0.00,"closing_balance":10.00,'
        || '"lowest_balance":10.00},{"month":"2026-02","income":0.00,"expenses":0.00,'
        || '"net_change":0.00,"closing_balance":10.00,"lowest_balance":10.00}]',
    'months are there when asked for, also such without events'
);
select is(
    pg_temp.chart('2026-01-09', 2, '{closing_balance}') ->> 'columns',
    '{"closing_balance":[10.00,-20.00]}', 'the short way to one column'
);
select is(
    pg_temp.chart('2026-01-09', 2, '{date,closing_balance}') ->> 'columns',
    '{"date":["2026-01-09","2026-01-10"],"closing_balance":[10.00,-20.00]}',
    'and the long one to several'
);
select is(
    (pg_temp.chart('2026-01-08', 3, core.chart_fields()) -> 'columns')::text,
    '{"date":["2026-01-08","2026-01-09","2026-01-10"],"opening_balance":[10.00,10.00,10.00],'
        || '"income":[0.00,0.00,0.00],"expenses":[0.00,0.00,-30.00],'
        || '"net_change":[0.00,0.00,-30.00],"closing_balance":[10.00,10.00,-20.00],'
        || '"balance_status":["healthy","healthy","danger"],"plan":[10.00,10.00,-20.00]}',
    'all columns of a plan of three days; those of an expectation come from elsewhere'
);

select * from finish();
