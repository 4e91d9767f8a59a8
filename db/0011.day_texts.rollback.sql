-- Forgets the days of the months.
set lock_timeout = '3s';

drop table data.day_texts;
