select plan(8);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values
    (-1, 7, 'expense', 'Rent', -5, 1, 'monthly', '2025-01-31', '2025-01-01'),
    (-1, 8, 'income', 'Salary', 9, 1, 'biweekly', '2025-01-03', '2025-01-01');

select results_eq(
    $$ select id, name, amount from core.item_page(-1, 0, 10) $$,
    $$ values (7::bigint, 'Rent', -5.00), (8, 'Salary', 9.00) $$, 'items come by key'
);
select is((select count(*) from core.item_page(-1, 7, 10)), 1::bigint, 'a page goes on behind one');
select is((select count(*) from core.item_page(-1, 0, 1)), 1::bigint, 'and has its size');
select is(core.item_json(-1, 7) ->> 'amount', '-5.00', 'money keeps its decimals');
select is(core.item_json(-2, 7)::text, null, 'a stranger sees nothing');
select is_empty($$ select core.shape_faults(core.item_shape()) $$, 'its shape is a shape');

select ok(core.item_check(-1, 7), 'an item of your own is there');
select throws_ok(
    $$ select core.item_check(-2, 7) $$, 'PT404', 'No such recurring item', 'a stranger''s is not'
);

select * from finish();
