-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
set lock_timeout = '3s';

drop index data.transaction_splits_day;
create index transaction_splits_day
    on data.transaction_splits (user_id, transaction_date) include (amount, subcategory_id);
comment on index data.transaction_splits_day is
    'core.spending_legs: what the parts take from their bookings, in a range of days';

alter table data.subcategories
    drop column updated_at,
    drop column version;
alter table data.categories
    drop column updated_at,
    drop column version;
