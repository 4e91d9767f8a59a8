select plan(5);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC');
insert into data.categories (user_id, id, name) values (-1, 1, 'Food'), (-1, 2, 'Fun');

create temporary table added as
select (api.subcategory_add(-1, 1, 'Sweets') ->> 'id')::bigint as id;
select is(
    api.subcategory_read(-1, (select id from added)) ->> 'category', 'Food', 'it can be read'
);
select is(
    api.subcategory_edit(
        -1, (select id from added), '{"category_id": 2}', _category_id => 2, _if_match => 1
    ) ->> 'category',
    'Fun', 'an edit answers with the subcategory'
);
select is(
    api.subcategory_drop(-1, (select id from added)) ->> 'dropped', 'true', 'a drop says so'
);
select throws_ok(
    $$ select api.subcategory_read(-1, (select id from added)) $$, 'PT404', 'No such subcategory',
    'and it is gone'
);
select throws_ok(
    $$ select api.subcategory_drop(-1, (select id from added)) $$, 'PT404', 'No such subcategory',
    'once'
);

select * from finish();
