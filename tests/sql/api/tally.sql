select plan(5);
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
insert into data.budget_allocations (user_id, id, budget_id, subcategory_id, amount)
values (-1, 1, 1, 10, 100), (-1, 2, 1, 20, 900);

select is(
    api.tally_read(-1, 1, '2025-01-10') #>> '{totals,allocated}', '1000.00', 'one by its key'
);
select is(
    api.tally_active(-1, '2025-01-10')::jsonb, api.tally_read(-1, 1, '2025-01-10')::jsonb,
    'or by its day'
);
select throws_ok(
    $$ select api.tally_active(-1, '2025-02-01') $$, 'PT404', 'No such active budget',
    'of a day that is budgeted'
);
select throws_ok(
    $$ select api.tally_active(-1, '2025-01-10', 'SEK') $$, 'PT404', 'No such active budget',
    'in that currency'
);
select set_config('app.user_id', '-2', true);
select throws_ok(
    $$ select api.tally_read(-2, 1) $$, 'PT404', 'No such budget', 'a stranger reads none'
);

select * from finish();
