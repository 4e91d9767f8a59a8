-- How often a row was edited: what an ETag says first and what If-Match is compared with.
-- depends: 0015.access_rules

set lock_timeout = '3s';

alter table data.users add column version integer not null default 1;
alter table data.accounts add column version integer not null default 1;
alter table data.transactions add column version integer not null default 1;
alter table data.recurring_items add column version integer not null default 1;

comment on column data.users.version is 'raised by every edit: api.user_edit';
comment on column data.accounts.version is
    'raised by every edit; not by bookings, which move the balance alone';
comment on column data.transactions.version is 'raised by every edit, and when its item is dropped';
comment on column data.recurring_items.version is 'raised by every edit';
