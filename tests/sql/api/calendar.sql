select plan(4);

insert into data.holiday_calendars (code, name) values ('AA', 'First'), ('AB', 'Second');
insert into data.holidays (calendar, on_day, name) values ('AB', '2025-01-01', 'New Year');

select is(api.calendar_list(1) -> 'items' -> 0 ->> 'code', 'AA', 'calendars come by code');
select is(api.calendar_list(1) ->> 'next_cursor', 'AA', 'a page says where the next begins');
select is(
    api.calendar_list(1, 'AA') -> 'items' -> 0 ->> 'last_holiday_on', '2025-01-01',
    'and how far holidays are known'
);
select throws_ok(
    $$ select api.calendar_list(1, 'no code') $$, 'PT422',
    'cursor must be the next_cursor of an earlier page', 'a made-up cursor is refused'
);

select * from finish();
