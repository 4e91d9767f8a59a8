select plan(27);

select is(core.slot_month('2026-01-30', 31), '2026-01-31'::date, 'the nearest 31st');
select is(core.slot_month('2026-02-27', 31), '2026-02-28'::date, 'clamped in February');
select is(core.slot_month('2024-02-29', 30), '2024-02-29'::date, 'and in a leap year');
select is(core.slot_month('2026-04-01', 31), '2026-03-31'::date, 'a day late is the month before');
select is(core.slot_month('2026-02-27', 1), '2026-03-01'::date, 'a day early is the month after');
select is(core.slot_month('2026-05-01', 32), '2026-04-30'::date, '32 is the last day');
select is(core.slot_month('2026-03-15', 15), '2026-03-15'::date, 'on the day itself');

select is(core.slot_near('week', '2026-01-05', 1, null), '2026-01-05'::date, 'a Monday');
select is(core.slot_near('week', '2026-01-08', 1, null), '2026-01-05'::date, 'Thursday is late');
select is(core.slot_near('week', '2026-01-09', 1, null), '2026-01-12'::date, 'Friday is early');
select is(core.slot_near('half', '2026-01-14', 1, 15), '2026-01-15'::date, 'the second half');
select is(core.slot_near('half', '2026-01-30', 1, 15), '2026-02-01'::date, 'the first of the next');
select is(core.slot_near('half', '2026-02-28', 15, 32), '2026-02-28'::date, 'the last day');

select is(
    (
        select count(*) from (values ('week', 7), ('month', 32), ('month', 30), ('half', 1))
            as rhythm (unit, day)
        cross join generate_series(0, 900) as ahead
        where core.slot_place(
            rhythm.unit,
            core.slot_near(rhythm.unit, '2024-01-01'::date + ahead, rhythm.day, 15),
            rhythm.day
        ) is distinct from core.slot_place(
            rhythm.unit,
            core.slot_day(
                rhythm.unit,
                core.slot_place(
                    rhythm.unit,
                    core.slot_near(rhythm.unit, '2024-01-01'::date + ahead, rhythm.day, 15),
                    rhythm.day
                ),
                rhythm.day,
                15
            ),
            rhythm.day
        )
    ),
    0::bigint,
    'a place has one day, and the day that place'
);
select is(core.slot_day('month', 2026 * 12 + 1, 31, null), '2026-02-28'::date, 'clamped');
select is(core.slot_day('month', 2024 * 12 + 1, 32, null), '2024-02-29'::date, 'the last day');
select is(core.slot_day('half', 2026 * 24, 5, 20), '2026-01-05'::date, 'first half');
select is(core.slot_day('half', 2026 * 24 + 1, 5, 20), '2026-01-20'::date, 'second half');
select is(core.slot_day('half', 2026 * 24 + 3, 15, 32), '2026-02-28'::date, 'the end of February');
select is(
    core.slot_day('week', core.slot_place('week', '2026-01-09', 5) + 2, 5, null),
    '2026-01-23'::date,
    'two weeks on'
);

select is(core.slot_rolled('2026-01-10', 'next'), '2026-01-12'::date, 'Saturday to Monday');
select is(core.slot_rolled('2026-01-11', 'next'), '2026-01-12'::date, 'Sunday to Monday');
select is(core.slot_rolled('2026-01-10', 'previous'), '2026-01-09'::date, 'Saturday to Friday');
select is(core.slot_rolled('2026-01-11', 'previous'), '2026-01-09'::date, 'Sunday to Friday');
select is(core.slot_rolled('2026-01-11', 'none'), '2026-01-11'::date, 'or it stays');
select is(core.slot_rolled('2026-01-12', 'next'), '2026-01-12'::date, 'Monday stays');

select is(
    (select count(*) from core.slot_rhythms() where period_days between least_gap and most_gap),
    (select count(*) from core.slot_rhythms()),
    'a period lies among its own gaps'
);

select * from finish();
