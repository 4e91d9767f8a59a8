set lock_timeout = '3s';

drop domain api.tags;
