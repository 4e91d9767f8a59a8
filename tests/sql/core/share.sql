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
insert into data.budget_allocations (user_id, id, budget_id, subcategory_id, amount)
values (-1, 1, 1, 10, 100), (-1, 2, 1, 20, 900);

select results_eq(
    $$ select subcategory_id, amount, is_recurring, is_carried from core.share_page(-1, 1, 0, 9) $$,
    $$ values (10::bigint, 100.00, false, true), (20, 900.00, false, true) $$,
    'by subcategory'
);
select is_empty(
    $$ select 1 from core.share_page(-2, 1, 0, 9) $$, 'a stranger sees nothing'
);
select is(core.share_json(-1, 1, 2) ->> 'amount', '900.00', 'one of them');
select is(core.share_json(-1, 9, 2)::text, null, 'in its own budget alone');
select is(core.share_shape() ->> 'amount', 'money', 'a shape');

select * from finish();
