select plan(28);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);

create function pg_temp.field_of(
    _kind text, _amount numeric, _frequency text default 'monthly',
    _to_account_id bigint default null, _month_days integer[] default null,
    _weekday integer default null, _nth integer default null, _ends_on date default null
)
returns text language plpgsql as $$
declare
    v_field text;
begin
    perform core.rule_check(
        _kind, _amount, 1, _to_account_id, _frequency, '2025-01-31', _month_days, _weekday, _nth,
        _ends_on
    );
    return 'sound';
exception when others then
    get stacked diagnostics v_field = column_name;
    return sqlstate || ' ' || v_field;
end;
$$;

select is(pg_temp.field_of('expense', -1), 'sound', 'an expense is negative');
select is(pg_temp.field_of('expense', 1), 'PT422 amount', 'and nothing else');
select is(pg_temp.field_of('income', 1), 'sound', 'an income is positive');
select is(pg_temp.field_of('income', 0), 'PT422 amount', 'and more than nothing');
select is(
    pg_temp.field_of('transfer', 1, _to_account_id => 2), 'sound',
    'a transfer goes somewhere'
);
select is(pg_temp.field_of('transfer', 1), 'PT422 to_account_id', 'not nowhere');
select is(
    pg_temp.field_of('transfer', 1, _to_account_id => 1), 'PT422 to_account_id', 'not to itself'
);
select is(
    pg_temp.field_of('expense', -1, _to_account_id => 2), 'PT422 to_account_id',
    'only transfers have a target'
);
select is(
    pg_temp.field_of('expense', -1, 'weekly', _month_days => '{1}'), 'PT422 month_days',
    'weeks have no days of the month'
);
select is(
    pg_temp.field_of('expense', -1, 'semimonthly', _month_days => '{1,-1}'), 'sound', 'months have'
);
select is(pg_temp.field_of('expense', -1, _nth => -1), 'PT422 weekday', 'nth needs its weekday');
select is(
    pg_temp.field_of('expense', -1, _nth => -1, _weekday => 5), 'sound', 'the last Friday is a rule'
);
select is(
    pg_temp.field_of('expense', -1, 'weekly', _nth => 1, _weekday => 5), 'PT422 nth',
    'weeks have no first Friday'
);
select is(
    pg_temp.field_of('expense', -1, _nth => 1, _weekday => 5, _month_days => '{1}'),
    'PT422 month_days', 'a rule is one or the other'
);
select is(
    pg_temp.field_of('expense', -1, _weekday => 5), 'PT422 weekday', 'months need nth for a weekday'
);
select is(
    pg_temp.field_of('expense', -1, _ends_on => '2025-01-30'), 'PT422 ends_on',
    'nothing ends before it begins'
);
select is(
    pg_temp.field_of('expense', -1, _ends_on => '2025-01-31'), 'sound', 'it may end as it begins'
);
select throws_ok(
    $$ select core.rule_amount('expense', 5) $$, 'PT422', 'The amount of an expense is negative',
    'the sentence says what to do'
);
select ok(core.rule_owns(-1, 1, 2, null, 'WEEKENDS'), 'a rule points at what is its owner''s');
select throws_ok(
    $$ select core.rule_owns(-2, 1, null, null, null) $$, 'PT404', 'No such account',
    'at nobody else''s account'
);
select throws_ok(
    $$ select core.rule_owns(-1, 1, 3, null, null) $$, 'PT404', 'No such account',
    'at a target that is there'
);
select throws_ok(
    $$ select core.rule_owns(-1, 1, null, null, 'MARS') $$, 'PT404', 'No such holiday calendar',
    'and at a calendar that is there'
);

select ok(core.rule_sign('expense', -1), 'an expense is negative');
select ok(not core.rule_sign('transfer', -1), 'nothing else is');
select ok(core.rule_amount('income', 1000000000), 'a billion is an amount');
select throws_ok(
    $$ select core.rule_amount('income', 1000000000.01) $$, 'PT422',
    'amount must be between -1000000000 and 1000000000', 'a cent more is none'
);
select throws_ok(
    $$ select core.rule_amount('expense', -1000000000.01) $$, 'PT422',
    'amount must be between -1000000000 and 1000000000', 'on either side'
);
select ok(core.rule_room(-1), 'who has few items has room for one more');

select * from finish();
