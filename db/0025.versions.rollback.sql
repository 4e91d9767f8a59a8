set lock_timeout = '3s';

alter table data.recurring_items drop column version;
alter table data.transactions drop column version;
alter table data.accounts drop column version;
alter table data.users drop column version;
