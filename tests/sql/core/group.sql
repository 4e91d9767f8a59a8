select plan(20);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 900001, 'Food'), (-1, 900002, 'Fun');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 900001, 'Groceries'), (-1, 11, 900001, 'Eating out'), (-1, 20, 900002, 'Cinema');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, subcategory_id
)
values
    (-1, 1, 1, -30, '2025-01-01', 'Bread', 10), (-1, 2, 1, -12, '2025-01-02', 'Pizza', 11),
    (-1, 3, 1, -8, '2025-01-03', 'Film', 20);

create temporary table added as select core.group_add(-1, 'Pets') as id;
select is(
    core.group_json(-1, (select id from added))::jsonb - 'id',
    '{"version": 1, "name": "Pets", "subcategories": []}', 'a new category is empty'
);
select throws_ok(
    $$ select core.group_add(-1, 'FOOD') $$, 'PT409', 'There is a category of this name',
    'a name stands once, in any case'
);
select ok(core.group_add(-2, 'Food') > 0, 'for its owner: others have it too');
select is(core.group_json(-2, 900001)::text, null, 'and see their own alone');

select is(core.group_edit(-1, 900001, '{"name": "food"}', 'food'), 900001::bigint,
    'a name may change case');
select is(
    core.group_json(-1, 900001)::jsonb - 'subcategories',
    '{"id": 900001, "version": 2, "name": "food"}', 'an edit raises the version'
);
select throws_ok(
    $$ select core.group_edit(-1, 900001, '{"name": "FUN"}', 'FUN') $$, 'PT409',
    'There is a category of this name', 'but is not another one''s'
);
select throws_ok(
    $$ select core.group_edit(-1, 900001, '{"name": null}', null) $$, 'PT422',
    'name cannot be cleared', 'nor none'
);
select throws_ok(
    $$ select core.group_edit(-1, 900001, '{"name": "Feed"}', 'Feed', 1) $$, 'PT412',
    'This was edited meanwhile: read it again', 'an edit of an older version is refused'
);
select throws_ok(
    $$ select core.group_edit(-2, 900001, '{"name": "Mine"}', 'Mine') $$,
    'PT404', 'No such category',
    'a stranger''s is not there'
);

select throws_ok(
    $$ select core.group_drop(-1, 900001) $$, 'PT409',
    'Something is filed under this category: name in move_to the subcategory that takes it',
    'what is filed somewhere is not left without'
);
select throws_ok(
    $$ select core.group_drop(-1, 900001, 11) $$, 'PT422', 'move_to is a subcategory that stays',
    'it goes to what is still there afterwards'
);
select throws_ok(
    $$ select core.group_drop(-1, 900001, 20, 1) $$, 'PT412',
    'This was edited meanwhile: read it again', 'an older version is not dropped'
);
select is(core.group_drop(-1, 900001, 20, 2), 900001::bigint,
    'dropped, and all in it filed elsewhere');
select results_eq(
    $$ select id, subcategory_id, version, change_no > 0 from data.transactions
       where user_id = -1 order by id $$,
    $$ values (1::bigint, 20::bigint, 2, true), (2, 20, 2, true), (3, 20, 1, false) $$,
    'what shows another subcategory now is a change of the ledger'
);
select is_empty(
    $$ select from data.subcategories where user_id = -1 and category_id = 900001 $$,
    'its subcategories went along'
);

insert into data.budget_periods (user_id, id, kind, starts_on, ends_on)
values (-1, 1, 'monthly', '2025-01-01', '2025-01-31');
insert into data.budgets (user_id, id, budget_period_id, name, currency, chain_id)
values (-1, 1, 1, 'January', 'USD', 1);
insert into data.categories (user_id, id, name) values (-1, 900003, 'Away');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 900030, 900003, 'Trips');
insert into data.budget_allocations (user_id, budget_id, subcategory_id, amount)
values (-1, 1, 900030, 80);
select throws_ok(
    $$ select core.group_drop(-1, 900003) $$, 'PT409',
    'Something is filed under this category: name in move_to the subcategory that takes it',
    'what a budget gives to it counts as filed'
);
select is(core.group_drop(-1, 900003, 20), 900003::bigint, 'and goes where it is said');
select throws_ok(
    $$ select core.group_drop(-1, 900001) $$, 'PT404', 'No such category', 'once'
);
select is_empty(
    $$ select core.shape_faults(core.shape_page(core.group_shape())) $$, 'its shape is a shape'
);

select * from finish();
