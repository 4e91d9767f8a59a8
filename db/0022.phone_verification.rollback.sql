set lock_timeout = '3s';

drop table data.dial_codes;
delete from data.partition_rules where relation = 'data.verification_analytics';
drop table data.verification_analytics;
drop table data.phone_verification;
