select plan(10);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
select core.category_copy('{-1}');

select is(
    api.category_list(-1, 1) -> 'items' -> 0 ->> 'name', 'Income', 'groups come in order'
);
select is(
    api.category_list(-1, 1) -> 'items' -> 0 -> 'subcategories' -> 0 ->> 'name', 'Salary',
    'with what is in them'
);
select is(
    api.category_list(-1, 1) -> 'items' -> 0 ->> 'version', '1', 'and how often they were edited'
);
select is(
    api.category_list(-1, 1, (api.category_list(-1, 1) ->> 'next_cursor')::api.cursor)
        -> 'items' -> 0 ->> 'name',
    'Housing', 'and page by page'
);

create temporary table added as select (api.category_add(-1, 'Pets') ->> 'id')::bigint as id;
select is(
    api.category_read(-1, (select id from added)) ->> 'name', 'Pets', 'a new one can be read'
);
select is(
    api.category_edit(-1, (select id from added), '{"name": "Dogs"}', 'Dogs', 1) ->> 'version', '2',
    'an edit answers with the category'
);
select is(
    api.category_drop(-1, (select id from added)) ->> 'dropped', 'true', 'a drop says so'
);
select throws_ok(
    $$ select api.category_read(-1, (select id from added)) $$, 'PT404', 'No such category',
    'and it is gone'
);
select set_config('app.user_id', '-2', true);
select is(api.category_list(-2) ->> 'items', '[]', 'a stranger has none');
select throws_ok(
    $$ select api.category_edit(-2, (select max(id) from added), '{}') $$, 'PT404',
    'No such category', 'and edits none'
);
select set_config('app.user_id', '-1', true);

select * from finish();
