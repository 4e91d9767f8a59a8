select plan(9);

select is(
    core.calendar_take(
        'XX', 'Testland', 2025, 2025,
        '{2025-01-01,2025-04-18,2025-04-21,2025-04-21,2026-01-01}', '{New Year,Friday,B,A,Later}'
    ),
    3::bigint, 'a day is one holiday, days of other years are left out'
);
select is(
    (select name from data.holidays where calendar = 'XX' and on_day = '2025-04-21'),
    'A, B', 'two names of one day stand together'
);
select results_eq(
    $$ select on_day, previous_open_on, next_open_on from data.closed_days
       where calendar = 'XX' and on_day between '2025-04-17' and '2025-04-22' order by on_day $$,
    $$ values
        ('2025-04-18'::date, '2025-04-17'::date, '2025-04-22'::date),
        ('2025-04-19', '2025-04-17', '2025-04-22'),
        ('2025-04-20', '2025-04-17', '2025-04-22'),
        ('2025-04-21', '2025-04-17', '2025-04-22') $$,
    'holidays and the weekend between them are one run of closed days'
);
select is(
    core.calendar_take('XX', 'Testland', 2025, 2025, '{2025-01-01}', '{New Year}'),
    1::bigint, 'taking a year again replaces it'
);
select is_empty(
    $$ select from data.closed_days where calendar = 'XX' and on_day = '2025-04-18' $$,
    'a day that is no holiday any more is open'
);
select is(
    core.calendar_close('XX', '2025-01-01', '2025-01-05'), 3::bigint,
    'New Year, Saturday and Sunday are closed'
);
select results_eq(
    $$ select on_day, previous_open_on, next_open_on from data.closed_days
       where calendar = 'WEEKENDS' and on_day between '2025-01-03' and '2025-01-06' order by 1 $$,
    $$ values ('2025-01-04'::date, '2025-01-03'::date, '2025-01-06'::date),
              ('2025-01-05', '2025-01-03', '2025-01-06') $$,
    'weekends are there before anything is loaded'
);
select is(
    (select count(*) from data.closed_days where calendar = 'WEEKENDS'
        and extract(isodow from on_day) < 6),
    0::bigint, 'and hold no weekday'
);
select results_eq(
    $$ select code, first_holiday_on from core.calendar_rows('W', 1) $$,
    $$ values ('WEEKENDS', null::date) $$, 'a page begins behind the code'
);

select * from finish();
