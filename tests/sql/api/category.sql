select plan(4);

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
select is(api.category_list(-2) ->> 'items', '[]', 'a stranger has none');

select * from finish();
