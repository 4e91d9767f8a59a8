set lock_timeout = '3s';

drop domain api.direction;
drop domain api.amount_by;
drop domain api.text_need;
drop domain api.text_field;
drop domain api.text_match;
drop domain api.some_keys;
drop domain api.rule_order;
drop domain api.rule_accounts;
drop domain api.rule_tags;
drop domain api.rule_texts;
