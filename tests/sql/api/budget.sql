select plan(6);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Krona', 'SEK', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'All');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Food'), (-1, 20, 1, 'Rent'), (-1, 30, 1, 'Salary'), (-1, 40, 1, 'Fun');

insert into data.budget_periods (user_id, id, kind, starts_on, ends_on)
values (-1, 1, 'monthly', '2025-01-01', '2025-01-31');
create temporary table added as select api.budget_add(-1, 1, 'House') as item;
select is((select item ->> 'currency' from added), 'USD', 'in the currency of the owner');
select is(api.budget_list(-1) #>> '{items,0,name}', 'House', 'it is in the list');
select is(
    (select api.budget_read(-1, (item ->> 'id')::bigint) ->> 'chain_no' from added), '1',
    'the first'
);
select is(
    (select api.budget_edit(-1, (item ->> 'id')::bigint, '{}', _carry_rule => 'none')
        ->> 'carry_rule' from added), 'none', 'an edit answers with it'
);
select set_config('app.user_id', '-2', true);
select throws_ok(
    $$ select api.budget_read(-2, (item ->> 'id')::bigint) from added $$, 'PT404',
    'No such budget', 'a stranger reads none'
);
select set_config('app.user_id', '-1', true);
select is(
    (select api.budget_drop(-1, (item ->> 'id')::bigint) ->> 'dropped' from added), 'true',
    'a drop says so'
);

select * from finish();
