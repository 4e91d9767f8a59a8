select plan(8);

insert into data.users (id, currency, timezone)
select -n, 'QQQ', 'UTC' from generate_series(1, 11) as n;
insert into data.accounts (user_id, id, name, currency, opened_on)
select -n, 1, 'Checking', 'QQQ', '2025-01-01' from generate_series(1, 11) as n;
insert into data.categories (user_id, id, name)
select -n, 1, case when n % 2 = 0 then 'Food' else 'FOOD' end from generate_series(1, 11) as n;
insert into data.categories (user_id, id, name)
select -n, 2, 'Rare' from generate_series(1, 9) as n;
insert into data.subcategories (user_id, id, category_id, name)
select -n, 10, 1, 'Groceries' from generate_series(1, 11) as n
union all
select -n, 20, 2, 'Thing' from generate_series(1, 9) as n;
-- The n-th person spends 10 n a month, twice that in December, and 1 is given back in each.
insert into data.transactions (
    user_id, account_id, amount, transaction_date, description, subcategory_id
)
select
    -n, 1, -10 * n * case when month = 12 then 2 else 1 end, make_date(2025, month, 15), 'x', 10
from generate_series(1, 11) as n
cross join generate_series(1, 12) as month
union all
select -n, 1, 1, '2025-11-20', 'back', 10 from generate_series(1, 11) as n
union all
select -n, 1, -500, '2024-11-20', 'rare', 20 from generate_series(1, 9) as n;
select outcome from core.mart_refresh();

select results_eq(
    $$ select * from core.summary_medians('2025-11-01', 'QQQ') $$,
    $$ values ('FOOD', 11::bigint, 29::numeric, 59::numeric, 89::numeric) $$,
    'a category is one by its name in any case, and what came back is taken off'
);
select is_empty(
    $$ select * from core.summary_medians('2024-11-01', 'QQQ') $$,
    'nine people are too few to be told of'
);
select is_empty(
    $$ select * from core.summary_medians('2025-11-01', 'USD') where category = 'Rare' $$,
    'currencies stay apart'
);
select results_eq(
    $$ select month, users, month_index from core.summary_index('2025-12-01', 'QQQ')
       where month in (1, 12) $$,
    $$ values (1, 11::bigint, 0.923), (12, 11, 1.846) $$,
    'December is as much above a mean month as it was'
);
select is_empty(
    $$ select * from core.summary_index('2025-11-01', 'QQQ') $$,
    'eleven months are not a year'
);
select is_empty(
    $$ select * from core.summary_index('2025-12-01', 'QQQ', 12) $$,
    'nor are eleven people twelve'
);
select is(
    core.summary_json('2025-11-01', 'QQQ') -> 'categories' -> 0 ->> 'median', '59',
    'an admin sees medians'
);
select isnt(core.summary_json('2025-11-01', 'QQQ') ->> 'as_of', null, 'and as of when');

select * from finish();
