set lock_timeout = '3s';

drop table data.scenarios;
drop type core.pause;
drop type core.thought;
drop domain api.scenario_keys;
