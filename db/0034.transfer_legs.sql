-- How the two legs of a transfer find each other, and how transfers are listed.
-- depends: 0030.transaction_parts
-- Both indexes are on a partitioned table, where concurrently is not to be had.
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '3s';

create index transactions_transfer on data.transactions (user_id, transfer_id)
    where transfer_id is not null;
comment on index data.transactions_transfer is
    'core.legs_page, core.transfer_leave: both legs of a transfer';
create index transactions_leaving
    on data.transactions (user_id, transaction_date desc, id desc) where transfer_id = id;
comment on index data.transactions_leaving is
    'core.legs_page: transfers by the leg that leaves, newest first';
