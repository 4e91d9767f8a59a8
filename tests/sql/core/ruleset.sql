select plan(25);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'Living');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 11, 1, 'Coffee'), (-1, 12, 1, 'Food');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, subcategory_id
)
values
    (-1, 1, 1, -5, '2025-01-02', 'Cafe one', 'CAFE*1 PRG', null),
    (-1, 2, 1, -5, '2025-01-02', 'Cafe two', null, 12),
    (-1, 3, 1, -9, '2025-01-02', 'Market', null, null),
    (-1, 4, 1, -9, '2025-01-03', 'Cafe in parts', null, null);
insert into data.transaction_splits (user_id, transaction_id, transaction_date, amount)
values (-1, 4, '2025-01-03', -4), (-1, 4, '2025-01-03', -5);

select is(core.ruleset_apply(-1, '{1,2,3,4}', 7), 0::bigint, 'without rules nothing changes');

insert into data.transaction_rules (
    user_id, id, position, name, texts, subcategory_id, counterparty, add_tags
)
values
    (-1, 2, 2, 'All', '{e}', 12, null, '{daily}'),
    (-1, 1, 1, 'Cafes', '{cafe}', 11, 'Cafe', '{treat,out}');

select is(core.ruleset_apply(-1, '{1,2,3}', 7), 3::bigint, 'it says how many bookings changed');
select results_eq(
    $$ select id, subcategory_id, counterparty, tags, version, change_no
       from data.transactions where user_id = -1 order by id $$,
    $$ values
        (1::bigint, 11::bigint, 'Cafe', '{treat,out,daily}'::text[], 2, 7::bigint),
        (2, 12, 'Cafe', '{treat,out,daily}', 2, 7),
        (3, 12, null, '{daily}', 2, 7),
        (4, null, null, '{}', 1, 0) $$,
    'the first rule decides a field, the bank''s name gives way, a category that is there stays'
);
select results_eq(
    $$ select rule_id, rule_name, field, from_value, to_value, to_name
       from data.rule_effects where user_id = -1 and transaction_id = 1 order by id $$,
    $$ values
        (1::bigint, 'Cafes', 'counterparty', '"CAFE*1 PRG"'::jsonb, '"Cafe"'::jsonb, null),
        (1, 'Cafes', 'subcategory', null, '11', 'Coffee'),
        (1, 'Cafes', 'tags', '[]', '["treat", "out"]', null),
        (2, 'All', 'tags', '[]', '["daily"]', null) $$,
    'every change has its line, with what was there before'
);
select results_eq(
    $$ select reason, change_no, seen_count, changed_count, effect_count
       from data.rule_runs where user_id = -1 $$,
    $$ values ('import', 7::bigint, 3, 3, 9) $$,
    'and every run'
);
select is(core.ruleset_apply(-1, '{1,2,3}', 8), 0::bigint, 'a second time changes nothing');
select is((select count(*) from data.rule_runs where user_id = -1), 1::bigint, 'nor is it a run');

select is(core.ruleset_apply(-1, '{4}', 8), 1::bigint, 'a booking in parts');
select is(
    (select row(subcategory_id, counterparty)::text from data.transactions
     where user_id = -1 and id = 4),
    '(,Cafe)', 'has no category to set, and a name'
);

-- What a hand does, stays.
update data.transactions set subcategory_id = 12, version = 3 where user_id = -1 and id = 1;
update data.transactions set subcategory_id = null, version = 3 where user_id = -1 and id = 3;
select is(core.ruleset_apply(-1, '{1,3}', 9), 0::bigint, 'what a hand set or cleared stays');
update data.transaction_rules set subcategory_id = 12 where user_id = -1 and id = 1;
update data.transaction_rules set subcategory_id = 11, is_overwriting = true
where user_id = -1 and id = 2;
select is(core.ruleset_apply(-1, '{1}', 9), 0::bigint, 'the first rule decides, to keep as well');
select is(core.ruleset_apply(-1, '{3}', 9), 1::bigint, 'unless the rule overwrites');
select is(
    (select array_agg(subcategory_id order by id) from data.transactions
     where user_id = -1 and id in (1, 3)),
    '{12,11}', 'then it is set again'
);

-- What a rule set is its own to set again.
update data.transaction_rules set counterparty = 'Coffee house' where user_id = -1 and id = 1;
select is(core.ruleset_apply(-1, '{2}', 9), 1::bigint, 'a rule renews what it set itself');
select is(
    (select counterparty from data.transactions where user_id = -1 and id = 2), 'Coffee house',
    'when it was edited'
);
update data.transaction_rules set is_last = true where user_id = -1 and id = 1;
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 5, 1, -5, '2025-01-02', 'Cafe three');
select is(core.ruleset_apply(-1, '{5}', 10), 1::bigint, 'a rule that stops');
select is(
    (select tags from data.transactions where user_id = -1 and id = 5), '{treat,out}',
    'lets no later one follow'
);

-- Tags.
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description, tags)
values
    (-1, 6, 1, -5, '2025-01-02', 'Market',
     (select array_agg('t' || n) from generate_series(1, 20) as n)),
    (-1, 7, 1, -5, '2025-01-02', 'Market', '{a,daily,b}');
select is(core.ruleset_apply(-1, '{6}', 11), 1::bigint, 'a full list of tags');
select is(
    (select cardinality(tags) from data.transactions where user_id = -1 and id = 6), 20,
    'takes no more, and does not stop the rest'
);
update data.transaction_rules set add_tags = '{c}', remove_tags = '{daily}'
where user_id = -1 and id = 2;
select is(core.ruleset_apply(-1, '{7}', 12), 1::bigint, 'a list with room');
select is(
    (select tags from data.transactions where user_id = -1 and id = 7), '{a,b,c}',
    'tags are put on at the end and taken away, and the others keep their order'
);

select is(core.ruleset_move(-1, 11, 12), 1::bigint, 'a category that goes takes its rules along');
select is(
    (select array_agg(subcategory_id order by id) from data.transaction_rules where user_id = -1),
    '{12,12}', 'to another'
);
update data.transaction_rules set add_tags = null, remove_tags = null
where user_id = -1 and id = 2;
select is(core.ruleset_move(-1, 12, null), 2::bigint, 'or to none');
select is(
    (select array_agg(is_active order by id) from data.transaction_rules where user_id = -1),
    '{t,f}', 'and a rule that did nothing else sleeps'
);

select * from finish();
