select plan(23);
select set_config('app.user_id', '-1', true);

insert into data.users (id, timezone) values (-1, 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2020-01-01', 10, 10),
    (-1, 2, 'Abroad', 'EUR', '2020-01-01', 5, 5);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values (-1, 1, 'expense', 'Rent', -30, 1, 'monthly', '2026-01-10', '2026-01-01');
-- A fit of the day, whatever the product came with.
insert into data.expectation_fits (
    fitted_on, account_count, window_count, month_flows, month_counts
)
values (
    '2026-01-09', 1, 1, array_fill(0::double precision, '{12}'), array_fill(1, '{12}')
);
insert into data.expectation_days (fitted_on, day, weights, spread, quantiles)
select
    '2026-01-09', day, array_fill(0::double precision, '{10}'), array[-4 + day / 90.0, 0, 0],
    array(select (place - 11) / 5.0 from generate_series(1, 21) as place)
from generate_series(1, 180) as day;
insert into data.expectation_risks (fitted_on, days, quantiles)
select
    '2026-01-09', days, array(select (place - 14) / 5.0 from generate_series(1, 21) as place)
from unnest('{7,30,90}'::integer[]) as days;

select is(
    api.forecast_read(-1, '2026-01-09', _days => 2, _fields => 'closing_balance')::text,
    '{"as_of":"2026-01-09","start":"2026-01-09","days":2,"excluded_accounts":[2],'
        || '"currency":"USD","format":"columns","initial_balance":10.00,'
        || '"summary":{"lowest_balance":-20.00,"lowest_on":"2026-01-10",'
        || '"first_negative_on":"2026-01-10","next_income_on":null,'
        || '"lowest_before_next_income":null,"safe_to_spend":0.00,"ending_balance":-20.00,'
        || '"total_income":0.00,"total_expenses":-30.00},'
        || '"columns":{"closing_balance":[10.00,-20.00]}}',
    'one column and the summary, without months'
);
select is(
    array(select json_object_keys(api.forecast_read(-1, '2026-01-09') -> 'columns')),
    '{
        date, opening_balance, income, expenses, net_change, closing_balance, balance_status, plan,
        p10, p50, p90, below_reserve
    }',
    'all columns when none is named'
);
select is(
    json_array_length(api.forecast_read(-1, '2026-01-09') #> '{columns,date}'), 365,
    'a year when no days are named'
);
select is(
    json_array_length(api.forecast_read(-1, '2026-01-09') #> '{summary,months}'), 13,
    'with its months'
);
select is(
    (api.forecast_read(-1, '2026-01-09', _days => 1, _format => 'rows', _fields => 'date, income')
        -> 'rows')::text,
    '[{"date":"2026-01-09","income":0.00}]', 'rows of the fields named'
);
select is(
    api.forecast_read(-1, '2026-01-09', _format => 'rows') ->> 'columns', null, 'rows or columns'
);
select is(
    api.forecast_read(-1, '2026-01-12', _days => 1) #>> '{summary,ending_balance}', '-20.00',
    'overdue on the first day'
);
select is(
    api.forecast_read(-1, '2026-01-12', _days => 1, _overdue => 'omit')
        #>> '{summary,ending_balance}',
    '10.00', 'or omitted'
);
select is(
    api.forecast_read(-1, '2026-01-09', _days => 2, _explain => true)
        #>> '{explain,0,items,0,name}',
    'Rent', 'explained on demand'
);
select is(
    (api.forecast_read(
        -1, '2026-01-09', _days => 2, _by_account => true, _account_id => 2, _initial_balance => 7
    ) -> 'accounts' -> 0 ->> 'closing_balance'),
    '[7.00,7.00]', 'one account with a balance that is given'
);
select is(
    api.forecast_read(-1, '2026-01-09', _account_id => 2) ->> 'currency', 'EUR',
    'in its own currency'
);
select is(
    api.forecast_read(-1, '2026-01-20', '2026-01-15', 1) ->> 'as_of', '2026-01-15',
    'a start in the past knows only what was known then'
);
select is(
    array(select json_object_keys(
        api.forecast_read(-1, '2026-01-09', _days => 3, _fields => 'p90,plan,below_reserve')
            -> 'columns'
    )),
    '{plan,p90,below_reserve}', 'columns of the expectation in their order'
);
select is(
    array(select json_object_keys(
        api.forecast_read(-1, '2026-01-09', _days => 1, _fields => 'below_reserve')
            -> 'expectation'
    )),
    '{
        basis, fitted_on, reserve, risk_7, risk_30, risk_90, lowest_p10, lowest_p10_on, lowest_p50,
        lowest_p50_on
    }',
    'what the expectation stands on, even for a day'
);
select is(
    api.forecast_read(-1, '2026-01-09', _days => 3, _fields => 'date,plan,months')
        ->> 'expectation',
    null, 'a plan alone expects nothing'
);
select is(
    (api.forecast_read(
        -1, '2026-01-09', _days => 1, _format => 'rows', _fields => 'plan,p10,p50,p90,below_reserve'
    ) -> 'rows')::text,
    '[{"plan":10.00,"p10":10.00,"p50":10.00,"p90":10.00,"below_reserve":0.000}]',
    'the day of the last bookings is known'
);
select is(
    (
        select json_agg(to_json(day))::text
        from json_to_recordset(
            api.forecast_read(-1, '2026-01-09', _days => 40, _format => 'rows') -> 'rows'
        ) as day (plan numeric, p10 numeric, p50 numeric, p90 numeric, below_reserve numeric)
    ),
    (
        select json_agg(to_json(day))::text
        from (
            select api.forecast_read(-1, '2026-01-09', _days => 40) -> 'columns' as columns
        ) as answer
        cross join lateral rows from (
            json_array_elements_text(answer.columns -> 'plan'),
            json_array_elements_text(answer.columns -> 'p10'),
            json_array_elements_text(answer.columns -> 'p50'),
            json_array_elements_text(answer.columns -> 'p90'),
            json_array_elements_text(answer.columns -> 'below_reserve')
        ) as written (plan, p10, p50, p90, below_reserve)
        cross join lateral (
            select
                written.plan::numeric, written.p10::numeric, written.p50::numeric,
                written.p90::numeric, written.below_reserve::numeric
        ) as day
    ),
    'rows hold the same as columns'
);
select is(
    api.forecast_read(-1, '2026-01-09', _fields => 'plan') #>> '{columns,plan}',
    api.forecast_read(-1, '2026-01-09', _fields => 'closing_balance')
        #>> '{columns,closing_balance}',
    'the plan is what the schedule closes with'
);
select is(
    api.forecast_read(-1, '2026-01-09', _account_id => 2, _fields => 'p50,p10')
        #>> '{columns,p50,0}',
    '5.00', 'one account expects from its own balance'
);
set local datestyle = 'German';
select is(
    api.forecast_read(-1, '2026-01-09', _days => 1) #>> '{columns,date,0}', '2026-01-09',
    'days are written the same whatever the session''s style'
);
reset datestyle;
select throws_ok(
    $$ select api.forecast_read(-1, _account_id => 99) $$, 'PT404', 'No such account',
    'a foreign account is none'
);
select throws_ok(
    $$ select api.forecast_read(-1, _fields => 'date,password') $$, 'PT422',
    'fields are some of date, opening_balance, income, expenses, net_change, closing_balance, '
        || 'balance_status, plan, p10, p50, p90, below_reserve, months',
    'an unknown field is refused'
);
select throws_ok(
    $$ select api.forecast_read(-1, '2026-01-01', '2036-01-10') $$, 'PT422',
    'start must be at most 3660 days after as_of', 'nobody plans from farther away'
);

select * from finish();
