set lock_timeout = '3s';

drop table data.expectation_samples;
drop table data.expectation_rounds;
drop table data.expectation_states;
