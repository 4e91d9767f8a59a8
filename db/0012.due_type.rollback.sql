set lock_timeout = '3s';

drop type core.due;
