set lock_timeout = '3s';

delete from data.partition_rules where relation = 'data.idempotency_keys';
drop table data.idempotency_keys;
