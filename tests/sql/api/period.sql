select plan(7);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Krona', 'SEK', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'All');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Food'), (-1, 20, 1, 'Rent'), (-1, 30, 1, 'Salary'), (-1, 40, 1, 'Fun');

create temporary table added as select api.period_add(-1, 'monthly', '2025-01-01') as item;
select api.period_add(-1, 'monthly', '2025-02-01');
select is((select item ->> 'ends_on' from added), '2025-01-31', 'the answer is the period');
select is(
    api.period_list(-1, 1) #>> '{items,0,starts_on}', '2025-02-01', 'the last to start is first'
);
select is(
    api.period_list(-1, 1, (api.period_list(-1, 1) ->> 'next_cursor')::api.cursor)
        #>> '{items,0,starts_on}',
    '2025-01-01', 'the next page goes on'
);
select is(
    (select api.period_read(-1, (item ->> 'id')::bigint) ->> 'kind' from added), 'monthly', 'one'
);
select is(
    (select api.period_edit(
        -1, (item ->> 'id')::bigint, '{"is_active": false}', _is_active => false
    ) ->> 'is_active' from added), 'false', 'an edit answers with it'
);
select set_config('app.user_id', '-2', true);
select throws_ok(
    $$ select api.period_read(-2, (item ->> 'id')::bigint) from added $$, 'PT404',
    'No such budget period', 'a stranger reads none'
);
select set_config('app.user_id', '-1', true);
select is(
    (select api.period_drop(-1, (item ->> 'id')::bigint) ->> 'dropped' from added), 'true',
    'a drop says so'
);

select * from finish();
