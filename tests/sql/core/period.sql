select plan(18);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Krona', 'SEK', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'All');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Food'), (-1, 20, 1, 'Rent'), (-1, 30, 1, 'Salary'), (-1, 40, 1, 'Fun');

create temporary table added as
select core.period_add(-1, 'monthly', '2025-01-01') as id;

select results_eq(
    $$ select kind, starts_on, ends_on, is_active
       from core.period_page(-1, 'infinity', 0, 9) $$,
    $$ values ('monthly', date '2025-01-01', date '2025-01-31', true) $$,
    'a period knows its last day'
);
select throws_ok(
    $$ select core.period_add(-1, 'custom', '2025-01-31', '2025-02-01') $$, 'PT409',
    'An active period holds some of these days', 'two active ones share no day'
);
select throws_ok(
    $$ insert into data.budget_periods (user_id, kind, starts_on, ends_on)
       values (-1, 'custom', '2025-01-15', '2025-01-15') $$, '23P01', null,
    'not even past the function'
);
select lives_ok(
    $$ select core.period_add(-1, 'quarterly', '2025-01-01', null, false) $$,
    'one that is put away may lie anywhere'
);
select lives_ok(
    $$ select core.period_add(-2, 'monthly', '2025-01-01') $$, 'and so may those of others'
);
select lives_ok(
    $$ select core.period_add(-1, 'custom', '2025-03-01', '2025-03-05') $$, 'gaps are no fault'
);
select is(
    core.period_active(-1, '2025-01-31'), (select id from added), 'the last day belongs to it'
);
select is(core.period_active(-1, '2025-02-01'), null, 'the day after belongs to none');
select is(core.period_active(-1, '2024-12-31'), null, 'nor does the day before');
select lives_ok(
    $$ select core.period_edit(-1, (select id from added), '{"starts_on": "2025-01-15"}') $$,
    'a period moves'
);
select is(
    core.period_json(-1, (select id from added)) ->> 'ends_on', '2025-02-14',
    'and its end with its start'
);
select throws_ok(
    $$ select core.period_edit(-1, (select id from added), '{"kind": "quarterly"}') $$, 'PT409',
    'An active period holds some of these days', 'an edit overlaps as little'
);
select throws_ok(
    $$ select core.period_edit(-1, (select id from added), '{}', 1) $$, 'PT412', null,
    'an edit means a version'
);
select throws_ok(
    $$ select core.period_edit(-1, (select id from added), '{"ends_on": null}') $$, 'PT422',
    'ends_on cannot be cleared', 'a period has an end'
);
select throws_ok(
    $$ select core.period_drop(-2, (select id from added)) $$, 'PT404', 'No such budget period',
    'a stranger drops nothing'
);
insert into data.budgets (user_id, id, budget_period_id, name, currency, chain_id)
select -1, 1, id, 'House', 'USD', 1 from added;
select throws_ok(
    $$ select core.period_drop(-1, (select id from added)) $$, 'PT409', null,
    'a period that is budgeted stays'
);
delete from data.budgets where user_id = -1;
select is(
    core.period_drop(-1, (select id from added)), (select id from added), 'another one goes'
);
select is(core.period_shape() ->> 'ends_on', 'date', 'the shape is written down');

select * from finish();
