select plan(10);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');

create temporary table made as
select
    core.rulebook_add(-1, '{"name": "a", "texts": ["x"], "add_tags": ["t"]}') as a,
    core.rulebook_add(-1, '{"name": "b", "direction": "in", "is_last": true}') as b;

select is(
    (select array_agg(name order by position) from core.rulebook_page(-1, 0, 0, 10)),
    '{a,b}', 'a rule is added behind the others'
);
select is(
    (select array_agg(name) from core.rulebook_page(-1, 1, (select a from made), 10)), '{b}',
    'a page goes on after a place'
);
select is(
    core.rulebook_edit(-1, (select a from made), '{"name": "c", "texts": null, "amount_to": 5}', 1),
    (select a from made), 'an edit answers the key'
);
select is(
    (select row(name, version, texts, amount_to, add_tags)::text from data.transaction_rules
     where user_id = -1 and position = 1),
    '(c,2,,5.00,{t})', 'absent fields stay, null clears'
);
select throws_ok(
    format($$ select core.rulebook_edit(-1, %s, '{"name": "d"}', 1) $$, (select a from made)),
    'PT412', 'This was edited meanwhile: read it again', 'an edit means the rule as it stands'
);
select throws_ok(
    format($$ select core.rulebook_edit(-1, %s, '{"amount_to": null}') $$, (select a from made)),
    'PT422', 'A rule asks for something: texts, amounts, accounts, a direction or days',
    'what is merged is checked as a whole'
);
select throws_ok(
    format($$ select core.rulebook_edit(-2, %s, '{}') $$, (select a from made)),
    'PT404', 'No such rule', 'a rule is its owner''s'
);
select is(core.rulebook_drop(-1, (select b from made)), (select b from made), 'a drop too');
select throws_ok(
    format($$ select core.rulebook_drop(-1, %s) $$, (select b from made)),
    'PT404', 'No such rule', 'once'
);
insert into data.transaction_rules (user_id, position, name, direction, is_last)
select -1, n, 'r' || n, 'in', true from generate_series(2, 200) as n;
select throws_ok(
    $$ select core.rulebook_add(-1, '{"name": "b", "direction": "in", "is_last": true}') $$,
    'PT409', 'There are 200 rules already: drop one first', 'there are 200 at most'
);

select * from finish();
