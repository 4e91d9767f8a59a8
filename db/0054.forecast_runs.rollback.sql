set lock_timeout = '3s';

delete from data.partition_rules where relation = 'data.forecast_runs';
drop table data.forecast_nights;
drop table data.forecast_runs;
