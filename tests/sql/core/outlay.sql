select plan(13);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Euros', 'EUR', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'Food'), (-1, 2, 'Income');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Groceries'), (-1, 11, 1, 'Eating out'), (-1, 20, 2, 'Salary');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, subcategory_id
)
values
    (-1, 1, 1, -100, '2025-01-10', 'Bread', 'Mill', 10),
    (-1, 2, 1, -90, '2025-02-10', 'Bread', 'MILL', 10),
    (-1, 3, 1, 10, '2025-02-11', 'Returned', 'Mill', 10),
    (-1, 4, 1, -20, '2025-02-12', 'Pizza', 'Napoli', 11),
    (-1, 5, 1, 500, '2025-02-28', 'Pay', 'Works', 20),
    (-1, 6, 1, -7, '2025-02-28', 'Cash', null, null),
    (-1, 7, 2, -70, '2025-02-20', 'Wine', 'Cave', 11);

create function pg_temp.asked(_by text, _limit integer default 50, _currency text default 'USD')
returns json language sql as $$
    select core.outlay_json(
        -1, '2025-01-01', '2025-02-01', '2025-02-28', _by, true, _currency, _limit
    );
$$;
create function pg_temp.lines(_by text, _limit integer default 50)
returns table (name text, net text, share text, change text, percent text) language sql as $$
    select
        item ->> 'name', item ->> 'net', item ->> 'share', item ->> 'change',
        item ->> 'change_percent'
    from json_array_elements(pg_temp.asked(_by, _limit) -> 'items') as item;
$$;

select is(
    pg_temp.asked('category') -> 'totals' ->> 'net', '393.00', 'all that came in less what went out'
);
select is(pg_temp.asked('category') -> 'earlier' ->> 'spent', '100.00', 'beside the month before');
select results_eq(
    $$ select * from pg_temp.lines('category') $$,
    $$ values
        ('Food', '-100.00', '93.5', '0.00', '0.0'), (null, '-7.00', '6.5', '-7.00', null),
        ('Income', '500.00', '0.0', '500.00', null) $$,
    'a refund comes off what was spent in its category; the most is first'
);
select results_eq(
    $$ select name, net, share from pg_temp.lines('subcategory') $$,
    $$ values
        ('Groceries', '-80.00', '74.8'), ('Eating out', '-20.00', '18.7'), (null, '-7.00', '6.5'),
        ('Salary', '500.00', '0.0') $$, 'so it does in a subcategory'
);
select is(
    pg_temp.asked('subcategory') -> 'items' -> 0 ->> 'category', 'Food',
    'which names its category'
);
select results_eq(
    $$ select net, share, change, percent from pg_temp.lines('account') $$,
    $$ values ('393.00', '100.0', '-17.00', '17.0') $$,
    'an account has income beside what is spent from it'
);
select results_eq(
    $$ select name, net, percent from pg_temp.lines('counterparty', 1) $$,
    $$ values ('Mill', '-80.00', '-20.0') $$, 'a counterparty is one in any case'
);
select is(
    pg_temp.asked('counterparty', 1) ->> 'rest',
    '{"groups" : 3, "spent" : 27.00, "received" : 500.00, "net" : 473.00}',
    'what is beyond the limit is one sum'
);
select results_eq(
    $$ select item ->> 'month_on', item ->> 'spent', item ->> 'earlier_spent'
       from json_array_elements(pg_temp.asked('month') -> 'items') as item $$,
    $$ values ('2025-02-01', '117.00', '100.00') $$, 'a month is compared with the one before'
);
select is(
    core.outlay_json(-1, '2025-01-01', '2025-02-01', '2025-02-20', 'month', false, 'USD', 9)
        -> 'items' -> 0 ->> 'earlier_spent', null, 'only a whole one'
);
select is(
    pg_temp.asked('category') ->> 'other_currencies',
    '[{"currency":"EUR","spent":70.00,"received":0.00,"net":-70.00}]',
    'other currencies stand apart'
);
select is(
    pg_temp.asked('category', 9, 'EUR') -> 'totals' ->> 'spent', '70.00', 'and can be asked for'
);
select is(
    pg_temp.asked('category', 9, 'CHF') ->> 'items', '[]', 'a currency of no account has nothing'
);

select * from finish();
