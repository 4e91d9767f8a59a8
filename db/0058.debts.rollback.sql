set lock_timeout = '3s';

drop table data.debts;
drop domain api.month_number;
drop domain api.debt_order;
drop domain api.yearly_rate;
