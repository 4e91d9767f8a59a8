set lock_timeout = '3s';

drop table data.alert_checks;
drop table data.alerts;
drop table data.alert_settings;
drop domain api.hour;
drop domain api.alert_status;
drop domain api.alert_kind;
