select plan(6);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'A', 'USD', '2025-01-01');
select core.category_copy('{-1}');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, subcategory_id, is_pending
)
values
    (-1, 1, 1, -1, '2025-01-01', 'Bread', core.category_find(-1, 'Groceries'), false),
    (-1, 2, 1, -9, '2025-01-02', 'Market', null, false),
    (-1, 3, 1, 5, '2025-01-03', 'Gift', null, true);
insert into data.transaction_splits (
    user_id, transaction_id, transaction_date, amount, subcategory_id
)
values
    (-1, 2, '2025-01-02', -4, core.category_find(-1, 'Groceries')),
    (-1, 2, '2025-01-02', -3, core.category_find(-1, 'Groceries')),
    (-1, 2, '2025-01-02', -2, core.category_find(-1, 'Rent'));

create function pg_temp.list(
    _order text default 'newest', _subcategory text default null, _category_id bigint default null,
    _text text default null, _is_pending boolean default null, _limit integer default 10,
    _cursor text default null
)
returns text language sql as $$
    select string_agg(item ->> 'id', ',' order by place) || ' ' || coalesce(cursor, '-')
    from (
        select listed ->> 'next_cursor' as cursor, listed -> 'items' as items
        from core.listing_json(
            -1, _order, null, null, null, core.category_find(-1, _subcategory), _category_id,
            _text, null, null, _is_pending, null, _limit, _cursor
        ) as listed
    ) as page
    cross join lateral json_array_elements(page.items) with ordinality as listed (item, place)
    group by cursor;
$$;

select is(
    pg_temp.list(_subcategory => 'Groceries'), '2,1 -',
    'a split booking is found under its parts, once'
);
select is(
    pg_temp.list(_category_id => (
        select category_id from data.subcategories
        where user_id = -1 and id = core.category_find(-1, 'Groceries')
    )),
    '2,1 -', 'and under the whole category'
);
select is(pg_temp.list(_is_pending => true), '3 -', 'what is pending');
select is(pg_temp.list('smallest', _limit => 1), '2 s-900.9133.2', 'a cursor of the order');
select is(
    (
        select string_agg(item ->> 'id', ',')
        from json_array_elements(
            core.listing_json(
                -1, 'newest', null, null, null, null, null, null, null, null, null, null, 10, null
            ) -> 'items'
        ) as item
        where item ->> 'is_split' = 'true'
    ),
    '2', 'the list says which booking is in parts'
);
select throws_ok(
    $$ select pg_temp.list('smallest', _text => 'x') $$, 'PT422',
    'Text is searched by day: order must be newest or oldest', 'text is searched by day'
);

select * from finish();
