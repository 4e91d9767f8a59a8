select plan(24);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
insert into data.categories (user_id, id, name)
values (-1, 1, 'Food'), (-1, 2, 'Fun'), (-1, 3, 'Full'), (-2, 1, 'Theirs');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 900010, 1, 'Groceries'), (-1, 900011, 1, 'Tickets'), (-1, 900020, 2, 'tickets');
insert into data.subcategories (user_id, id, category_id, name)
select -1, 901000 + n, 3, 'Sub ' || n from generate_series(1, 200) as n;
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, subcategory_id
)
values (-1, 1, 1, -30, '2025-01-01', 'Bread', 900010);

create temporary table added as select core.subcategory_add(-1, 1, 'Sweets') as id;
select is(
    core.subcategory_json(-1, (select id from added)) ->> 'category', 'Food',
    'a subcategory stands in its category'
);
select throws_ok(
    $$ select core.subcategory_add(-1, 1, 'SWEETS') $$, 'PT409',
    'This category has a subcategory of this name', 'where its name stands once, in any case'
);
select ok(core.subcategory_add(-1, 2, 'Sweets') > 0, 'another category may have it too');
select throws_ok(
    $$ select core.subcategory_add(-2, 2, 'Mine') $$, 'PT404', 'No such category',
    'nobody adds to a stranger''s'
);
select throws_ok(
    $$ select core.subcategory_add(-1, 3, 'One more') $$, 'PT409',
    'There are 200 subcategories in this category', 'a category is not endless'
);
select is(core.subcategory_json(-2, 900010)::text, null, 'nor does anybody read one');

select is(
    core.subcategory_edit(-1, 900010, '{"name": "Greens"}', 'Greens', null), 900010::bigint,
    'a name can change'
);
select is(
    core.subcategory_edit(-1, 900010, '{"category_id": 2}', null, 2), 900010::bigint,
    'and the category'
);
select is(
    core.subcategory_json(-1, 900010)::jsonb - '{created_at,updated_at}'::text[],
    '{"version": 3, "id": 900010, "name": "Greens", "category_id": 2, "category": "Fun"}',
    'each of it raises the version'
);
select is(
    (select subcategory_id from data.transactions where user_id = -1 and id = 1), 900010::bigint,
    'what is filed under it goes along'
);
select throws_ok(
    $$ select core.subcategory_edit(-1, 900011, '{"category_id": 2}', null, 2) $$, 'PT409',
    'This category has a subcategory of this name', 'a name stands once where it arrives'
);
select throws_ok(
    $$ select core.subcategory_edit(-1, 900011, '{"category_id": 3}', null, 3) $$, 'PT409',
    'There are 200 subcategories in this category', 'nor is there room without end'
);
select throws_ok(
    $$ select core.subcategory_edit(-1, 900011, '{"category_id": 9}', null, 9) $$, 'PT404',
    'No such category', 'it goes to a category that is there'
);
select throws_ok(
    $$ select core.subcategory_edit(-1, 900011, '{"category_id": null}', null, null) $$, 'PT422',
    'category_id cannot be cleared', 'and has one always'
);
select throws_ok(
    $$ select core.subcategory_edit(-1, 900010, '{"name": "X"}', 'X', null, 1) $$, 'PT412',
    'This was edited meanwhile: read it again', 'an edit of an older version is refused'
);
select throws_ok(
    $$ select core.subcategory_edit(-2, 900010, '{"name": "X"}', 'X', null) $$, 'PT404',
    'No such subcategory', 'a stranger''s is not there'
);

select throws_ok(
    $$ select core.subcategory_drop(-1, 900010) $$, 'PT409',
    'Something is filed under this subcategory: name in move_to the subcategory that takes it',
    'what is in use does not go by itself'
);
select throws_ok(
    $$ select core.subcategory_drop(-1, 900010, 900010) $$, 'PT422',
    'move_to is a subcategory that stays', 'nothing is filed under what goes'
);
select is(core.subcategory_drop(-1, 900010, 900011, 3), 900010::bigint,
    'it goes when it says where to');
select is(
    (select subcategory_id from data.transactions where user_id = -1 and id = 1), 900011::bigint,
    'and what was filed under it is there'
);

-- Nothing is booked there, but a budget gives it something.
insert into data.budget_periods (user_id, id, kind, starts_on, ends_on)
values (-1, 1, 'monthly', '2025-01-01', '2025-01-31');
insert into data.budgets (user_id, id, budget_period_id, name, currency, chain_id)
values (-1, 1, 1, 'January', 'USD', 1);
insert into data.subcategories (user_id, id, category_id, name) values (-1, 900012, 1, 'Trips');
insert into data.budget_allocations (user_id, budget_id, subcategory_id, amount)
values (-1, 1, 900012, 80);
select throws_ok(
    $$ select core.subcategory_drop(-1, 900012) $$, 'PT409',
    'Something is filed under this subcategory: name in move_to the subcategory that takes it',
    'an allocation does not go by itself either'
);
select is(core.subcategory_drop(-1, 900012, 900011), 900012::bigint, 'it goes along');
select is(
    (select array_agg(row(subcategory_id, amount)::text) from data.budget_allocations
     where user_id = -1),
    '{"(900011,80.00)"}', 'to where it was said'
);
select is_empty(
    $$ select core.shape_faults(core.subcategory_shape()) $$, 'its shape is a shape'
);

select * from finish();
