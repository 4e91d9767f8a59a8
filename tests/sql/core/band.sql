select plan(12);
select set_config('app.user_id', '-1', true);

insert into data.users (id, timezone, reserve) values (-1, 'UTC', 20), (-2, 'UTC', 0);
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values (-1, 1, 'Checking', 'USD', '2020-01-01', 1000, 1000);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values (-1, 1, 'expense', 'Rent', -300, 1, 'monthly', '2026-01-10', '2026-01-01');
-- A fit of this day, whatever the product came with: no weights, a band that widens day by day.
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

create function pg_temp.band(
    _start date default null, _days integer default 5, _initial_cents bigint default null,
    _overdue_from date default '2026-01-09', _user_id bigint default -1
)
returns table (
    basis text, fitted_on date, risk_7 numeric, risk_30 numeric, risk_90 numeric, p10 bigint[],
    p50 bigint[], p90 bigint[], below numeric[]
)
language plpgsql as $$
declare
    v_ground record;
begin
    select * into v_ground from core.ground_row(_user_id, '2026-01-09', _start, null);
    return query select * from core.band_row(
        _user_id, v_ground, null, null, null, null, _overdue_from, _days, _initial_cents
    );
end;
$$;

select is((select basis from pg_temp.band()), 'plan', 'without a booking it is the plan');
select is(
    (select array[p10[1], p50[1], p90[1]] from pg_temp.band()), '{100000,100000,100000}',
    'the day of the last bookings is the balance that it opens with'
);
select is(
    (select array_agg(cardinality) from pg_temp.band(_days => 400) as band
        cross join lateral (
            values
                (cardinality(band.p10)), (cardinality(band.p50)), (cardinality(band.p90)),
                (cardinality(band.below))
        ) as column_length (cardinality)),
    '{400,400,400,400}', 'an element for each day, known ones too'
);
select is(
    (select p50[2:] from pg_temp.band(_days => 91)),
    (select p50_cents from core.scope_rows(-1, '2026-01-09', 90, 0)),
    'then what core.scope_rows expects'
);
select is(
    (select p50[1:3] from pg_temp.band('2026-01-12')),
    (select p50[4:6] from pg_temp.band(_days => 9)),
    'a later start cuts the same line'
);
select is(
    (select p10 from pg_temp.band('2026-01-12', 3, 80000)),
    (
        select array(select cents + 10000 from unnest(p10) as cents)
        from pg_temp.band('2026-01-12', 3)
    ),
    'a balance that is given moves it by the difference to the plan: 800 for 700'
);
select is(
    (select below[1] from pg_temp.band(_initial_cents => 1999)), 1::numeric,
    'a known balance below the reserve is certain'
);
select ok(
    (select moved.risk_30 > band.risk_30
        from pg_temp.band(_initial_cents => 35000) as moved
        cross join pg_temp.band() as band),
    'less money, more risk'
);
select ok(
    (select risk_90 is not null and risk_7 <= risk_30 and risk_30 <= risk_90
        from pg_temp.band(_days => 1)),
    'all risks are there, however few days are asked for'
);
select ok(
    (select bool_and(day.p10 <= day.p50 and day.p50 <= day.p90)
        from pg_temp.band(_days => 400) as band
        cross join lateral unnest(band.p10, band.p50, band.p90) as day (p10, p50, p90)),
    'the three lines never cross'
);
select is(
    (select array[p10[3], p90[3]] from pg_temp.band(_user_id => -2)), '{0,0}',
    'without an account there is nothing to expect'
);
select ok(
    core.chart_fields() @> core.band_fields(), 'what needs an expectation can be asked for'
);

select * from finish();
