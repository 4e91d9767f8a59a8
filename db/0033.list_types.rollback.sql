set lock_timeout = '3s';

drop domain api.batch_keys;
drop domain api.sync_cursor;
drop domain api.tag;
drop domain api.ledger_order;
