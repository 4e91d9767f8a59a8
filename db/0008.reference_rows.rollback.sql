set lock_timeout = '3s';

update data.recurring_items set calendar = null where calendar = 'WEEKENDS';
delete from data.holiday_calendars where code = 'WEEKENDS';
delete from data.category_templates;
