select plan(6);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Krona', 'SEK', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'All');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Food'), (-1, 20, 1, 'Rent'), (-1, 30, 1, 'Salary'), (-1, 40, 1, 'Fun');

create temporary table added as
select api.income_add(-1, 'Lessons', _account_id => 1, _amount => 35.5, _frequency => 'weekly',
    _next_on => '2025-01-06') as item;
select is((select item ->> 'amount' from added), '35.50', 'the answer is the source');
select is(api.income_list(-1) #>> '{items,0,name}', 'Lessons', 'it is in the list');
select is(
    (select api.income_read(-1, (item ->> 'id')::bigint) ->> 'frequency' from added), 'weekly',
    'one'
);
select is(
    (select api.income_edit(-1, (item ->> 'id')::bigint, '{"amount": 40}', _amount => 40)
        ->> 'amount' from added), '40.00', 'an edit answers with it'
);
select set_config('app.user_id', '-2', true);
select throws_ok(
    $$ select api.income_read(-2, (item ->> 'id')::bigint) from added $$, 'PT404',
    'No such income source', 'a stranger reads none'
);
select set_config('app.user_id', '-1', true);
select is(
    (select api.income_drop(-1, (item ->> 'id')::bigint) ->> 'dropped' from added), 'true',
    'a drop says so'
);

select * from finish();
