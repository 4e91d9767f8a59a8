select plan(8);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Krona', 'SEK', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'All');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Food'), (-1, 20, 1, 'Rent'), (-1, 30, 1, 'Salary'), (-1, 40, 1, 'Fun');
insert into data.budget_periods (user_id, id, kind, starts_on, ends_on)
values (-1, 1, 'monthly', '2025-01-01', '2025-01-31');
insert into data.budgets (user_id, id, budget_period_id, name, currency, carry_rule, chain_id)
values (-1, 1, 1, 'House', 'USD', 'left', 1);

create temporary table added as select api.allocation_add(-1, 1, 10, 12.5) as item;
select is((select item ->> 'amount' from added), '12.50', 'the answer is the allocation');
select is(
    api.allocation_set(-1, 1, '[{"subcategory_id": 20, "amount": 9}]')::text,
    json_build_object('added', 1, 'edited', 0)::text, 'many at once'
);
select throws_ok(
    $$ select api.allocation_set(-1, 1, '[{"subcategory_id": 20, "amount": 0.001}]') $$, '23514',
    null, 'in the types of the wire'
);
select is(api.allocation_list(-1, 1, 1) ->> 'next_cursor', '0.10', 'a page ends with its last');
select is(api.allocation_list(-1, 1, 1, '0.10') #>> '{items,0,amount}', '9.00', 'and goes on');
select is(
    (select api.allocation_edit(-1, 1, (item ->> 'id')::bigint, '{"amount": 5}', _amount => 5)
        ->> 'amount' from added), '5.00', 'an edit answers with it'
);
select set_config('app.user_id', '-2', true);
select throws_ok(
    $$ select api.allocation_list(-2, 1) $$, 'PT404', 'No such budget', 'a stranger reads none'
);
select set_config('app.user_id', '-1', true);
select is(
    (select api.allocation_drop(-1, 1, (item ->> 'id')::bigint) ->> 'dropped' from added), 'true',
    'a drop says so'
);

select * from finish();
