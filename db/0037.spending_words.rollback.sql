set lock_timeout = '3s';

drop domain api.month_count;
drop domain api.spending_group;
