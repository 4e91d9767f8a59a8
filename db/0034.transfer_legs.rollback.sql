-- A partitioned table's index cannot be dropped concurrently.
-- squawk-ignore-file require-concurrent-index-deletion
set lock_timeout = '3s';

drop index data.transactions_leaving;
drop index data.transactions_transfer;
