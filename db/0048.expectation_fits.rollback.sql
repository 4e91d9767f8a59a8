set lock_timeout = '3s';

drop table data.expectation_risks;
drop table data.expectation_days;
drop table data.expectation_buckets;
drop table data.expectation_fits;
