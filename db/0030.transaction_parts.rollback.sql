set lock_timeout = '3s';

drop table data.transaction_notes;
drop table data.transaction_splits;
