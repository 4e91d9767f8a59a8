set lock_timeout = '3s';

drop table data.job_runs;
drop table data.job_schedules;
