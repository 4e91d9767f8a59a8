set lock_timeout = '3s';

drop domain api.cron;
drop domain api.job_name;
drop schema queue cascade;
alter table data.job_runs drop column failure_count;
