select plan(11);
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
values
    (-1, 2, 'monthly', '2025-02-01', '2025-02-28'), (-1, 3, 'monthly', '2025-03-01', '2025-03-31');
insert into data.budgets (
    user_id, id, budget_period_id, name, currency, carry_rule, chain_id, chain_no
)
values (-1, 2, 2, 'Feb', 'USD', 'both', 1, 2), (-1, 3, 3, 'Mar', 'USD', 'both', 1, 3);
insert into data.budget_allocations (user_id, budget_id, subcategory_id, amount, is_carried)
values
    (-1, 1, 10, 100, true), (-1, 2, 10, 100, true), (-1, 1, 20, 50, true), (-1, 1, 40, 9, true),
    (-1, 2, 40, 9, false);
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, subcategory_id
)
values
    (-1, 1, 1, -130, '2025-01-31', 'Food', 10), (-1, 2, 1, -120.50, '2025-02-28', 'Food', 10),
    (-1, 3, 1, -1, '2025-03-01', 'Food', 10), (-1, 4, 2, -1, '2025-02-01', 'Krona', 10);

select is(core.carry_step(5, -7, 'left'), 0.00, 'what is overspent stays behind');
select is(core.carry_step(5, 7, 'left'), 12.00, 'what is left goes on');
select is(core.carry_step(5, -7, 'overspent'), -2.00, 'or what is overspent alone');
select is(core.carry_step(5, 7, 'overspent'), 0.00, 'and nothing that is left');
select is(core.carry_step(5, -7, 'both'), -2.00, 'or both');
select is(core.carry_step(5, 7, 'none'), 0.00, 'or nothing');
select is(
    (select core.carry_sum(added, rule order by place)
     from (values (1, -3.00, 'left'), (2, 4.00, 'left'), (3, -1.50, 'both'))
        as step (place, added, rule)),
    2.50, 'one budget after the other'
);
select results_eq(
    $$ select subcategory_id, amount from core.carry_rows(-1, 1, 3, '{1}', '2025-03-31')
       order by subcategory_id $$,
    $$ values (10::bigint, -20.50), (40, 0.00) $$,
    'each by the rule of its budget; an envelope that was not in the last one brings nothing'
);
select results_eq(
    $$ select subcategory_id, amount from core.carry_rows(-1, 1, 2, '{1}', '2025-03-31')
       order by subcategory_id $$,
    $$ values (10::bigint, 0.00), (20, 50.00), (40, 9.00) $$, 'the second of the chain'
);
select is_empty($$ select 1 from core.carry_rows(-1, 1, 1, '{1}', '2025-03-31') $$, 'the first');
select is_empty($$ select 1 from core.carry_rows(-2, 1, 3, '{1}', '2025-03-31') $$, 'a stranger');

select * from finish();
