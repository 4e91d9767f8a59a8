-- What editing categories, and counting by them, asks of the tables: how often a category was
-- edited, and which booking a part belongs to without a look at the part itself.
-- depends: 0030.transaction_parts
-- The index is days old and made anew with a column more; the columns have constant defaults.
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion

set lock_timeout = '3s';

alter table data.categories
    add column version integer not null default 1,
    add column updated_at timestamptz not null default now();
alter table data.subcategories
    add column version integer not null default 1,
    add column updated_at timestamptz not null default now();
comment on column data.categories.version is 'raised by every edit of its name';
comment on column data.subcategories.version is
    'raised by every edit: another name, another category';

drop index data.transaction_splits_day;
create index transaction_splits_day
    on data.transaction_splits (user_id, transaction_date)
    include (transaction_id, amount, subcategory_id);
comment on index data.transaction_splits_day is
    'core.spending_legs: the parts of a range of days, and the bookings that they stand for';
