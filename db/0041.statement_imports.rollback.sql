-- A partitioned table's index cannot be dropped concurrently.
-- squawk-ignore-file require-concurrent-index-deletion
set lock_timeout = '3s';

alter table data.dropped_transactions
    drop column is_undone,
    drop column import_hash;
drop index data.transactions_import;
alter table data.transactions
    drop column import_hash,
    drop column import_id;
drop table data.statement_changes;
drop table data.statement_mappings;
drop table data.statement_imports;
