select plan(6);
\ir _import.sql

insert into data.categories (user_id, id, name) values (-1, 1, 'Food');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 1, 1, 'Coffee'), (-1, 2, 1, 'Bread');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, is_pending
)
values
    (-1, 900001, 1, -3, '2026-01-05', 'pending', true),
    (-1, 900002, 1, -4, '2026-01-05', 'by hand', false);
update data.accounts set current_balance = 93 where user_id = -1 and id = 1;
select pg_temp.stage(1, '[
    [2, "-3.50", "2026-01-06", "pending", {"external_id": "P"}],
    [3, "-4", "2026-01-06", "hand", {"external_id": "H"}],
    [4, "-5", "2026-01-07", "new", {"category": "coffee"}],
    [5, "-6", "2026-01-06", "older", {"category": "Food:Bread"}],
    [6, "-7", "2026-01-07", "unknown", {"category": "Cars"}]
]');
select core.pair_all(-1, 1, false);
select is(core.enter_run(-1, 1, 9), 3::bigint, 'what is new is booked');
select is(
    (
        select string_agg(concat_ws(' ', description, subcategory_id), ', ' order by id)
        from data.transactions where user_id = -1 and import_id = 1 and change_no = 9
    ),
    'older 2, new 1, unknown', 'in the order of days, in the owner''s categories of that name'
);
select is(
    (select current_balance from data.accounts where user_id = -1 and id = 1), 74.50,
    'the balance moves by what is new and by the tip'
);
select results_eq(
    $$ select amount, transaction_date, is_pending, external_id, change_no
       from data.transactions where user_id = -1 and id = 900001 $$,
    $$ values (-3.50, date '2026-01-06', false, 'P', 9::bigint) $$,
    'the pending one is posted as the bank says'
);
select results_eq(
    $$ select amount, transaction_date, external_id
       from data.transactions where user_id = -1 and id = 900002 $$,
    $$ values (-4.00, date '2026-01-05', 'H') $$,
    'what was entered by hand gets the bank''s id, and stays as it was'
);
select is_empty('select * from core.balance_faults(-1)', 'no balance is wrong');

select * from finish();
