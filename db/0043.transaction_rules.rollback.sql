set lock_timeout = '3s';

drop table data.rule_effects;
drop table data.rule_runs;
drop table data.transaction_rules;
