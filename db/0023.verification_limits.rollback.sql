set lock_timeout = '3s';

drop table data.verification_days;
drop table data.verification_proofs;
drop table data.verification_streaks;
drop table data.verification_counters;
drop table data.verification_caps;
drop table data.verification_settings;
