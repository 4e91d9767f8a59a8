select plan(17);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Savings', 'USD', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'Living');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 11, 1, 'Coffee'), (-1, 12, 1, 'Food');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, tags
)
values
    (-1, 1, 1, -5, '2025-01-01', 'Cafe', 'CAFE*1', '{old,x}'),
    (-1, 2, 1, -5, '2025-01-01', 'Cafe', null, '{}'),
    (-1, 3, 1, -9, '2025-01-01', 'To savings', null, '{}'),
    (-1, 4, 2, 9, '2025-01-02', 'From checking', null, '{}');
insert into data.transaction_rules (
    user_id, id, position, name, texts, subcategory_id, counterparty, add_tags, remove_tags,
    transfer_account_id
)
values
    (-1, 1, 1, 'Cafes', '{cafe}', 11, 'Cafe', '{c}', '{old}', null),
    (-1, 2, 2, 'Saving', '{to savings}', null, null, null, null, 2);
create temporary table ran as
select (core.ruleset_run(-1, '{1,2,3,4}', 1, 'import')).id as run_id;

select is(
    (select array_agg(field) from core.effect_trail(-1, 1, 999999999999, 9)),
    '{tags,subcategory,counterparty}', 'the trail of a booking, the latest first'
);
select is(
    (select count(*) from core.effect_page(-1, 1, 999999999999, 5)), 5::bigint, 'a page of a rule'
);
select is(
    (select core.effect_json(effect)::jsonb - '{id,run_id,set_at}'::text[]
     from core.effect_trail(-1, 2, 999999999999, 9) as effect where field = 'subcategory'),
    '{"rule_id": 1, "rule_name": "Cafes", "transaction_id": 2, "field": "subcategory",
      "from": null, "to": 11, "from_name": null, "to_name": "Coffee", "undone_at": null}',
    'says what was there, and what is'
);
select is(core.rulebook_drop(-1, 1), 1::bigint, 'a rule that is dropped');
select is(
    (select array_agg(distinct row(rule_id, rule_name)::text)
     from core.effect_trail(-1, 1, 999999999999, 9)),
    '{"(,Cafes)"}', 'leaves its name in the trail'
);

-- A hand has changed one thing since.
update data.transactions set subcategory_id = 12 where user_id = -1 and id = 2;
select is(
    core.effect_undo(-1, (select run_id from ran)), 4::bigint, 'a run is taken back'
);
select results_eq(
    $$ select id, subcategory_id, counterparty, tags, transfer_id
       from data.transactions where user_id = -1 order by id $$,
    $$ values
        (1::bigint, null::bigint, 'CAFE*1', '{x,old}'::text[], null::bigint),
        (2, 12, null, '{}', null),
        (3, null, null, '{}', null),
        (4, null, null, '{}', null) $$,
    'all that is still as the run left it'
);
select is(
    (select array_agg(field) from data.rule_effects
     where user_id = -1 and transaction_id = 2 and undone_at is null),
    '{subcategory}', 'the trail says what stayed'
);
select ok(
    (select undone_at is not null from core.effect_runs(-1, 999999999999, 9)),
    'and the run that it was'
);
select throws_ok(
    format($$ select core.effect_undo(-1, %s) $$, (select run_id from ran)),
    'PT409', 'This run was undone already', 'once'
);
select throws_ok(
    $$ select core.effect_undo(-1, 999999999999) $$, 'PT404', 'No such run', 'and it must be there'
);

-- A run made one transfer of 3 and 4; a hand made another one of 3 and 5 since.
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values
    (-1, 5, 2, 9, '2025-01-20', 'By check'),
    (-1, 6, 1, -7, '2025-02-01', 'To savings');
create temporary table again as
select (core.ruleset_run(-1, '{3,4,6}', 2, 'demand')).id as run_id;
select is(
    (select array_agg(transfer_id order by id) from data.transactions
     where user_id = -1 and id in (3, 4)),
    '{3,3}', 'after a run that was taken back, rules link again'
);
select is(core.legs_part(-1, 3), 3::bigint, 'and a hand may take it apart');
select is(core.transfer_link(-1, 3, 5), 3::bigint, 'and link the leg with another one');
select is(
    core.effect_undo(-1, (select run_id from again)), 0::bigint,
    'then taking the run back touches neither leg'
);
select is_empty(
    $$ select * from core.balance_oddities(-1) $$, 'and no transfer is left with one leg'
);

-- 6 waited for its other leg.
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 7, 2, 7, '2025-02-02', 'From checking');
select is_empty(
    $$ select * from core.leg_rows(-1, null) $$,
    'a wish that was taken back is not tried again'
);

select * from finish();
