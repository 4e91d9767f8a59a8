set lock_timeout = '3s';

drop table data.goal_contributions;
drop table data.financial_goals;
drop domain api.priority;
