set lock_timeout = '3s';

drop table data.login_sessions;
drop table data.user_emails;
drop table data.users;
