select plan(12);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');

select is(
    core.category_copy('{-1}'), (select count(*) from data.category_templates),
    'a new user gets every template'
);
select is(core.category_copy('{-1}'), 0::bigint, 'and gets it once');
select is(
    (select count(distinct category_id) from data.subcategories where user_id = -1),
    (select count(distinct category) from data.category_templates), 'each in its own group'
);
select is(
    core.category_find(-1, 'groceries'), core.category_find(-1, 'GROCERIES', 'food'),
    'a name is found in any case'
);
select is(core.category_find(-1, 'Groceries', 'Housing'), null::bigint, 'but not in another group');
select is(core.category_find(-2, 'Groceries'), null::bigint, 'nor under another owner');
select ok(core.category_check(-1, null), 'no category is fine');
select ok(core.category_check(-1, core.category_find(-1, 'Rent')), 'as is one of your own');
select throws_ok(
    $$ select core.category_check(-2, core.category_find(-1, 'Rent')) $$, 'PT404',
    'No such subcategory', 'a stranger sees none'
);
select results_eq(
    $$ select name, json_array_length(subcategories) from core.category_rows(-1, 0, 2) $$,
    $$ values ('Income', 6), ('Housing', 4) $$, 'groups come in the order of the templates'
);

select results_eq(
    $$ select subcategory, category
       from core.category_names(-1, core.category_find(-1, 'Groceries')) $$,
    $$ values ('Groceries', 'Food') $$, 'a key has two names'
);
select is_empty(
    $$ select * from core.category_names(-2, core.category_find(-1, 'Groceries')) $$,
    'none for a stranger'
);

select * from finish();
