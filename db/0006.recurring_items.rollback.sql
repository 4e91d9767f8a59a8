set lock_timeout = '3s';

drop table data.recurring_exceptions;
drop table data.recurring_items;
drop table data.months;
drop table data.closed_days;
drop table data.holidays;
drop table data.holiday_calendars;
