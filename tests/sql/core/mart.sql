select plan(7);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-2, 1, 'Checking', 'EUR', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'Food');
insert into data.subcategories (user_id, id, category_id, name) values (-1, 10, 1, 'Groceries');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, subcategory_id, transfer_id
)
values
    (-1, 1, 1, -30, '2025-01-31', 'Bread', 10, null),
    (-1, 2, 1, 5, '2025-01-01', 'Back', 10, null),
    (-1, 3, 1, -100, '2025-02-01', 'Store', null, null),
    (-1, 4, 1, -50, '2025-02-01', 'Over', null, 4),
    (-2, 1, 1, -9, '2025-02-28', 'Cash', null, null);
insert into data.transaction_splits (
    user_id, transaction_id, transaction_date, amount, subcategory_id
)
values (-1, 3, '2025-02-01', -90, 10), (-1, 3, '2025-02-01', -10, null);
create function pg_temp.summary() returns table (
    user_id bigint, currency text, month_on date, subcategory_id bigint, spent numeric,
    received numeric, spent_count integer, received_count integer
) language sql as $$
    select * from mart.user_spending_summary where user_id < 0 order by 1 desc, 3, 4
$$;

set local timezone = 'Pacific/Kiritimati';
select results_eq(
    $$ select relation, outcome from core.mart_refresh() $$,
    $$ values ('user_spending_summary', 'refreshed') $$, 'a summary is made anew'
);
create temporary table east as select * from pg_temp.summary();
select results_eq(
    $$ select * from east $$,
    $$ values
        (-1::bigint, 'USD', '2025-01-01'::date, 10::bigint, 30.00, 5.00, 1, 1),
        (-1, 'USD', '2025-02-01', 0, 10.00, 0.00, 1, 0),
        (-1, 'USD', '2025-02-01', 10, 90.00, 0.00, 1, 0),
        (-2, 'EUR', '2025-02-01', 0, 9.00, 0.00, 1, 0) $$,
    'of the rows of everybody: parts for split bookings, no transfers'
);
set local timezone = 'Pacific/Midway';
select is((select outcome from core.mart_refresh()), 'refreshed', 'again in another zone');
select results_eq(
    $$ select * from pg_temp.summary() $$, $$ select * from east $$,
    'a month is the same wherever it is refreshed'
);
delete from data.transactions where user_id = -2;
select is((select row_count >= 3 from core.mart_refresh()), true, 'it counts what it holds');
select is_empty(
    $$ select from mart.user_spending_summary where user_id = -2 $$,
    'what is dropped is gone with the next one'
);
select is(
    (select refreshed_at <= clock_timestamp() and took_ms >= 0 from data.mart_refreshes), true,
    'and it is known as of when that was'
);

select * from finish();
