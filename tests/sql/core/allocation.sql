select plan(14);
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
insert into data.budget_periods (user_id, id, kind, starts_on, ends_on)
values (-1, 2, 'monthly', '2025-02-01', '2025-02-28');
insert into data.budgets (user_id, id, budget_period_id, name, currency, chain_id)
values (-1, 2, 2, 'Later', 'USD', 2);
create temporary table added as select core.allocation_add(-1, 1, 10, 100.10) as id;

select throws_ok(
    $$ select core.allocation_add(-1, 1, 10, 5) $$, 'PT409',
    'This subcategory has its part of the budget: edit that', 'one envelope for a subcategory'
);
select throws_ok(
    $$ select core.allocation_add(-1, 1, 99, 5) $$, 'PT404', 'No such subcategory',
    'that is the owner''s'
);
select throws_ok(
    $$ select core.allocation_add(-1, 1, 20, -0.01) $$, 'PT422', null, 'nothing negative is given'
);
select throws_ok(
    $$ select core.allocation_add(-2, 1, 10, 5) $$, 'PT404', 'No such budget',
    'a stranger gives nothing'
);
select lives_ok(
    $$ select core.allocation_edit(-1, 1, (select id from added), '{"amount": 7.5}', 7.5, null,
        null, 1) $$,
    'an edit means a version'
);
select is(core.share_json(-1, 1, (select id from added)) ->> 'amount', '7.50', 'and is kept');
select throws_ok(
    $$ select core.allocation_edit(-1, 1, (select id from added), '{}', 7.5, null, null, 1) $$,
    'PT412', null, 'and no other'
);
select throws_ok(
    $$ select core.allocation_edit(-1, 2, (select id from added), '{}', 1, null, null) $$,
    'PT404', 'No such allocation', 'of another budget it is none'
);

select core.allocation_add(-1, 1, 20, 2.50);
select core.allocation_add(-1, 2, 10, 4);
select is(core.allocation_move(-1, 10, 20), 2::bigint, 'a subcategory that goes leaves its parts');
select results_eq(
    $$ select budget_id, subcategory_id, amount from data.budget_allocations
       where user_id = -1 order by budget_id $$,
    $$ values (1::bigint, 20::bigint, 10.00), (2, 20, 4.00) $$,
    'amounts are added up where both had one'
);
select is(core.allocation_move(-1, 20, 20), 0::bigint, 'to itself nothing moves');
select is(core.allocation_move(-2, 20, 10), 0::bigint, 'nor does what is somebody else''s');
select lives_ok(
    $$ select core.allocation_drop(-1, 2, (select id from core.share_page(-1, 2, 0, 1))) $$,
    'an allocation is dropped'
);
select is_empty($$ select 1 from core.share_page(-1, 2, 0, 1) $$, 'and gone');

select * from finish();
