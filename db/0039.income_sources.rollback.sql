set lock_timeout = '3s';

drop table data.income_sources;
