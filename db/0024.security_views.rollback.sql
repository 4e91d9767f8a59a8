-- squawk-ignore-file ban-drop-view
set lock_timeout = '3s';

drop view data.user_security_summary;
drop view data.suspicious_ips;
