-- Users by time zone: a night ends for all of one zone at once.
-- depends: 0054.forecast_runs
-- transactional: false
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction

set lock_timeout = '3s';

drop index concurrently if exists data.users_timezone;
create index concurrently if not exists users_timezone on data.users (timezone, id);
comment on index data.users_timezone is
    'core.night_zones, core.night_next: the zones there are, and the users of one by key';
