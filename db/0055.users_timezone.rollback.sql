-- transactional: false
set lock_timeout = '3s';

drop index concurrently if exists data.users_timezone;
