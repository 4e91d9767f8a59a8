set lock_timeout = '3s';

drop table data.series_priors;
