set lock_timeout = '3s';

drop table data.budget_allocations;
drop table data.budgets;
drop table data.budget_periods;
drop domain api.carry_rule;
drop domain api.period_kind;
