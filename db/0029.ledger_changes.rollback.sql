-- A partitioned table's index cannot be dropped concurrently.
-- squawk-ignore-file require-concurrent-index-deletion
set lock_timeout = '3s';

drop table data.dropped_transactions;
drop index data.transactions_amount;
drop index data.transactions_change;
alter table data.transactions
    drop constraint tags_are_few_words,
    drop column amount_cents,
    drop column tags,
    drop column change_no;
drop table data.ledger_clocks;
