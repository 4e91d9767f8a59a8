set lock_timeout = '3s';

drop table data.attempts;
drop table data.attempt_rules;
drop table data.email_verifications;
drop table data.password_reset_tokens;
drop domain api.token;
drop domain api.email;
