set lock_timeout = '3s';

drop table data.staged_rows;
