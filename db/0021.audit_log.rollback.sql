set lock_timeout = '3s';

drop table data.audit_heads;
drop table data.verification_audit_log;
drop table data.detached_partitions;
drop table data.partition_rules;
