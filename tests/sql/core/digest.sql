select plan(5);
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
update data.accounts set is_active = false where user_id = -1 and id = 1;
select results_eq(
    $$ select starts_on, ends_on, chain_no, accounts, active from core.digest_ground(-1, 1) $$,
    $$ values (date '2025-01-01', date '2025-01-31', 1, array[1::bigint], array[2::bigint]) $$,
    'all accounts of the currency, and the open ones'
);
select is_empty($$ select 1 from core.digest_ground(-2, 1) $$, 'a stranger stands on nothing');
select results_eq(
    $$ select key, value #>> '{}'
       from json_each(core.digest_totals(100, 20, 60, 5, 130, 0.5, 7)) $$,
    $$ values ('allocated', '100'), ('carried', '20'), ('available', '120'), ('spent', '60'),
        ('pending', '5'), ('remaining', '60'), ('percent', '50.0'), ('pace', '1.00'),
        ('projected', '130'), ('status', 'ahead'), ('unallocated', '7') $$,
    'all envelopes as one'
);
select is(
    core.digest_income(1000, 500, 1200, 50)::text,
    json_build_object('received', 1000, 'expected', 500, 'total', 1500, 'assigned', 1200,
        'left_to_budget', 300, 'left_after_unallocated', 250)::text,
    'what came and will come, less what is assigned'
);
select is(core.digest_shape() #>> '{envelopes,0,status}', 'on_track|ahead|over', 'a shape');

select * from finish();
