select plan(14);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Krona', 'SEK', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'All');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Food'), (-1, 20, 1, 'Rent'), (-1, 30, 1, 'Salary'), (-1, 40, 1, 'Fun');

insert into data.budget_periods (user_id, id, kind, starts_on, ends_on)
values
    (-1, 1, 'monthly', '2025-01-01', '2025-01-31'), (-1, 2, 'monthly', '2025-02-01', '2025-02-28');
create temporary table added as select core.budget_add(-1, 1, 'House', 'SEK') as id;

select results_eq(
    $$ select name, currency, carry_rule, starts_on, chain_no
       from core.budget_page(-1, 9223372036854775807, 9) $$,
    $$ values ('House', 'SEK', 'left', date '2025-01-01', 1) $$,
    'what is left goes on, unless it is said'
);
select throws_ok(
    $$ select core.budget_add(-1, 1, 'Again', 'SEK') $$, 'PT409',
    'This period has a budget in that currency', 'one for a period and currency'
);
select throws_ok(
    $$ select core.budget_add(-2, 1, 'Mine') $$, 'PT404', 'No such budget period',
    'a stranger has no such period'
);
select is(
    core.budget_active(-1, '2025-01-31'), (select id from added), 'the active one by its days'
);
select is(core.budget_active(-1, '2025-02-01'), null, 'a period without a budget has none');
create temporary table second as select core.budget_add(-1, 1, 'Mine') as id;
select is(
    core.budget_active(-1, '2025-01-31'), (select id from second),
    'of several the one in the currency of the owner'
);
select is(
    core.budget_active(-1, '2025-01-31', 'SEK'), (select id from added), 'or the one that is named'
);
select lives_ok(
    $$ select core.budget_edit(-1, (select id from added), '{"name": "X"}', 'X', null, 1) $$,
    'an edit means a version'
);
select throws_ok(
    $$ select core.budget_edit(-1, (select id from added), '{}', null, null, 1) $$, 'PT412', null,
    'and no other'
);
select is(
    core.budget_json(-1, (select id from added)) ->> 'name', 'X', 'an edit is kept'
);
select throws_ok(
    $$ select core.budget_check(-2, (select id from added)) $$, 'PT404', 'No such budget',
    'a stranger has none'
);
insert into data.budgets (user_id, budget_period_id, name, currency, chain_id, chain_no)
select -1, 2, 'Later', 'SEK', id, 2 from added;
select throws_ok(
    $$ select core.budget_drop(-1, (select id from added)) $$, 'PT409', null,
    'what another one goes on from stays'
);
select is(
    core.budget_drop(-1, (select id from second)), (select id from second), 'the last one goes'
);
select is(core.budget_shape() ->> 'carry_rule', 'none|left|overspent|both', 'a shape');

select * from finish();
