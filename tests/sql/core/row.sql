select plan(8);

insert into data.users (id) values (-1);
insert into data.accounts (
    user_id, id, name, type, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking "1"', 'checking', 'USD', '2020-01-01', 10, 10),
    (-1, 2, 'Savings', 'savings', 'USD', '2020-01-01', 5, 5);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, to_account_id, frequency, anchor_on, expected_from
)
values (-1, 1, 'transfer', 'Saving', 4, 1, 2, 'monthly', '2026-01-10', '2026-01-01');

select is(
    core.row_members('{income,closing_balance}', 150, 0, 1150, 'healthy'),
    ',"income":1.50,"closing_balance":11.50', 'only what is asked for'
);
select is(
    core.row_members(core.chart_fields(), 150, -50, 1100, 'warning'),
    ',"opening_balance":10.00,"income":1.50,"expenses":-0.50,"net_change":1.00,'
        || '"closing_balance":11.00,"balance_status":"warning","plan":11.00',
    'a whole day of a plan'
);
select is(
    core.row_list(
        -1, '{1,2}', '{1}', null, null, null, '2026-01-09', '2026-01-09', 1000, '2026-01-09', 3,
        null, 700, 0, '{date,closing_balance,balance_status}'
    ),
    '[{"date":"2026-01-09","closing_balance":10.00,"balance_status":"healthy"},'
        || '{"date":"2026-01-10","closing_balance":6.00,"balance_status":"warning"},'
        || '{"date":"2026-01-11","closing_balance":6.00,"balance_status":"warning"}]',
    'an object per day'
);
select is(
    core.row_list(
        -1, '{1,2}', '{1}', null, null, null, '2026-01-09', '2026-01-09', 1000, '2026-01-10', 2,
        null, 700, 0, '{net_change}'
    ),
    '[{"net_change":-4.00},{"net_change":0.00}]', 'what moves is on its own day alone'
);
select is(
    core.row_list(
        -1, '{1,2}', '{1}', null, null, null, '2026-01-09', '2026-01-09', 1000, '2026-01-10', 2,
        null, 700, 0, '{income}', array[',"p50":1.00', ',"p50":2.00']
    ),
    '[{"income":0.00,"p50":1.00},{"income":0.00,"p50":2.00}]', 'each day with its own expectation'
);

create function pg_temp.accounts(_covered bigint[], _initial_cents bigint default null)
returns text language sql as $$
    select core.row_accounts(
        -1, '{1,2}', _covered, false, false, '2026-01-09', '2026-01-09', '2026-01-09', 2,
        _initial_cents
    );
$$;

select is(
    pg_temp.accounts('{1,2}'),
    '[{"account_id":1,"name":"Checking \"1\"","type":"checking","currency":"USD",'
        || '"initial_balance":10.00,"lowest_balance":6.00,"lowest_on":"2026-01-10",'
        || '"closing_balance":[10.00,6.00]},{"account_id":2,"name":"Savings","type":"savings",'
        || '"currency":"USD","initial_balance":5.00,"lowest_balance":5.00,'
        || '"lowest_on":"2026-01-09","closing_balance":[5.00,9.00]}]',
    'each account by itself sees the transfer'
);
select is(
    pg_temp.accounts('{2}', 100)::json #>> '{0,closing_balance}', '[1.00,5.00]',
    'a balance that is given'
);
select is(pg_temp.accounts('{}'), '[]', 'no account, no list');

select * from finish();
