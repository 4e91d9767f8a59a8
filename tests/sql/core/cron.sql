-- Schedules: five fields, the clock of a zone, days that are not in every month.
select plan(22);

select is(core.cron_values('*', 0, 3), '{0,1,2,3}', 'a star is every number');
select is(core.cron_values('1-3', 0, 9), '{1,2,3}', 'a range has both its ends');
select is(core.cron_values('*/4', 0, 9), '{0,4,8}', 'steps begin at the least number');
select is(core.cron_values('2/3', 0, 9), '{2,5,8}', 'a step from a number goes to the end');
select is(core.cron_values('2-6/2', 0, 9), '{2,4,6}', 'a step in a range stays in it');
select is(core.cron_values('5,1,1-2', 0, 9), '{1,2,5}', 'a list is a set');
select throws_ok($$select core.cron_values('10', 0, 9)$$, 'PT422');
select throws_ok($$select core.cron_values('3-1', 0, 9)$$, 'PT422');
select throws_ok($$select core.cron_values('*/0', 0, 9)$$, 'PT422');
select throws_ok($$select core.cron_values('1,,2', 0, 9)$$, 'PT422');

select is(
    core.cron_next('30 2 * * *', 'UTC', '2026-03-01 02:29:59+00'), '2026-03-01 02:30:00+00',
    'later today'
);
select is(
    core.cron_next('30 2 * * *', 'UTC', '2026-03-01 02:30:00+00'), '2026-03-02 02:30:00+00',
    'the moment itself is over: the next is tomorrow'
);
select is(
    core.cron_next('0 0 31 * *', 'UTC', '2026-01-31 00:00+00'), '2026-03-31 00:00+00',
    'a month without the day is left out'
);
select is(
    core.cron_next('0 0 29 2 *', 'UTC', '2026-01-01 00:00+00'), '2028-02-29 00:00+00',
    'a leap day is waited for'
);
select is(
    core.cron_next('0 6 * * 7', 'UTC', '2026-11-28 12:00+00'), '2026-11-29 06:00+00',
    'weekday 7 is Sunday, as 0 is'
);
select is(
    core.cron_next('0 0 1 * 1', 'UTC', '2026-11-26 00:00+00'), '2026-11-30 00:00+00',
    'day and weekday that are both given mean either'
);
select is(
    core.cron_next('30 2 * * *', 'Europe/Prague', '2026-03-28 12:00+00'),
    '2026-03-29 01:30+00',
    'what the clock skips in spring comes an hour later by it, at half past three'
);
select is(
    (select count(*) from core.cron_moments('30 2 * * *', 'Europe/Prague', '2026-10-25',
     '2026-10-25')),
    1::bigint, 'what the clock repeats in autumn comes once'
);
select is(
    (select count(*) from core.cron_moments('0 * * * *', 'Europe/Prague', '2026-10-25',
     '2026-10-25')),
    25::bigint, 'every hour of a day with 25 hours'
);
select is(
    core.cron_last('0 2 * * *', 'UTC', '2026-11-01 02:00+00', '2026-11-20 01:00+00'),
    '2026-11-19 02:00+00', 'of the times that were missed, the last one counts'
);
select is(
    core.cron_last('0 2 1 1 *', 'UTC', '2026-11-01 02:00+00', '2026-11-20 01:00+00'),
    '2026-11-01 02:00+00', 'nothing was due since'
);
select throws_ok($$select core.cron_next('0 0 31 2 *', 'UTC', '2026-01-01 00:00+00')$$, 'PT422');

select * from finish();
