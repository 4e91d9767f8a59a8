select plan(4);
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
    api.category_list(-1, 1, (api.category_list(-1, 1) ->> 'next_cursor')::api.cursor)
        -> 'items' -> 0 ->> 'name',
    'Housing', 'and page by page'
);
select set_config('app.user_id', '-2', true);
select is(api.category_list(-2) ->> 'items', '[]', 'a stranger has none');
select set_config('app.user_id', '-1', true);

select * from finish();
