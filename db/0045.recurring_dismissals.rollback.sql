set lock_timeout = '3s';

drop table data.recurring_dismissals;
drop domain api.fingerprint;
drop domain api.share;
