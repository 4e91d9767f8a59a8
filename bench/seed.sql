-- Households for measuring: :users of them, each with 2 accounts, 12 rules and 100 bookings of the year before
-- 2026-01-15. Every figure is a hash of its keys, so the same scale gives the same rows on any machine.
--   psql -v users=1000 -f bench/seed.sql DSN
-- The session token of user N is 'N.bench-bench-bench-bench-bench-bench-bench-A'.

\set ON_ERROR_STOP on
\timing off
set search_path = '';
set synchronous_commit = off;
set client_min_messages = warning;

truncate data.users cascade;

-- A whole number in 0.._below - 1 out of two keys.
create function pg_temp.draw(_one bigint, _two bigint, _below bigint)
returns bigint
language sql immutable parallel safe
as $$
    select (hashint8extended(_one * 1000 + _two, 20250115) & 4611686018427387903) % _below;
$$;

insert into data.users (id, public_id, full_name, timezone, reserve)
select
    person,
    md5('tideline' || person)::uuid,
    'Person ' || person,
    (array['UTC', 'America/New_York', 'Europe/Prague', 'Asia/Tokyo'])[1 + person % 4],
    500
from generate_series(1, :users) as person;

insert into data.user_emails (email, user_id)
select 'person' || person || '@bench.example', person
from generate_series(1, :users) as person;

insert into data.login_sessions (user_id, id, token_hash, expires_at)
select
    person,
    person,
    sha256(convert_to(person || '.bench-bench-bench-bench-bench-bench-bench-A', 'UTF8')),
    '2200-01-01'
from generate_series(1, :users) as person;

insert into data.categories (user_id, id, name)
select person, person, 'Everyday' from generate_series(1, :users) as person;

insert into data.subcategories (user_id, id, category_id, name)
select person, person * 10 + number, person, name
from generate_series(1, :users) as person
cross join (
    values (0, 'Groceries'), (1, 'Fuel'), (2, 'Restaurants'), (3, 'Clothes'), (4, 'Health')
) as known (number, name);

insert into data.accounts (
    user_id, id, name, type, currency, opening_balance, opened_on, current_balance
)
select
    person,
    person * 10 + number,
    name,
    type,
    'USD',
    opening + pg_temp.draw(person, number, 3000),
    '2025-01-01',
    opening + pg_temp.draw(person, number, 3000)
from generate_series(1, :users) as person
cross join (
    values (0, 'Checking', 'checking', 2500), (1, 'Savings', 'savings', 4000)
) as known (number, name, type, opening);

insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, to_account_id, frequency, every_n, anchor_on,
    month_days, roll, calendar, expected_from
)
select
    person,
    person * 100 + number,
    kind,
    name,
    amount + sign(amount) * pg_temp.draw(person, number + 10, 50),
    person * 10,
    case when kind = 'transfer' then person * 10 + 1 end,
    frequency,
    every_n,
    anchor_on + (case when frequency in ('weekly', 'biweekly', 'daily') then person % 7 else 0 end)::integer,
    month_days,
    roll,
    null,
    '2026-01-15'
from generate_series(1, :users) as person
cross join (
    values
        (0, 'income', 'Salary', 1900, 'semimonthly', 1, date '2024-01-15', array[15, -1], 'previous'),
        (1, 'income', 'Side job', 250, 'monthly', 1, '2024-03-20', null, 'next'),
        (2, 'expense', 'Rent', -1450, 'monthly', 1, '2024-01-01', null, 'none'),
        (3, 'expense', 'Electricity', -85, 'monthly', 1, '2024-01-31', null, 'none'),
        (4, 'expense', 'Phone', -45, 'monthly', 1, '2024-02-12', null, 'none'),
        (5, 'expense', 'Internet', -60, 'monthly', 1, '2024-02-18', null, 'next'),
        (6, 'expense', 'Insurance', -210, 'quarterly', 1, '2024-01-30', null, 'none'),
        (7, 'expense', 'Car tax', -320, 'yearly', 1, '2024-02-29', null, 'none'),
        (8, 'expense', 'Groceries', -120, 'weekly', 1, '2024-01-05', null, 'none'),
        (9, 'expense', 'Fuel', -55, 'biweekly', 1, '2024-01-09', null, 'none'),
        (10, 'expense', 'Streaming', -18, 'monthly', 1, '2024-05-24', null, 'none'),
        (11, 'transfer', 'To savings', 200, 'monthly', 1, '2024-01-16', null, 'none')
) as known (number, kind, name, amount, frequency, every_n, anchor_on, month_days, roll);

insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, subcategory_id
)
select
    person,
    person * 1000 + number,
    person * 10,
    case when number % 8 = 0
        then 1200 + pg_temp.draw(person, number, 20000)::numeric / 100
        else -5 - pg_temp.draw(person, number, 30000)::numeric / 100
    end,
    date '2025-01-16' + ((number * 363) / 100)::integer,
    'Card payment ' || pg_temp.draw(person, number, 100000),
    'Shop ' || pg_temp.draw(person, number, 500),
    person * 10 + number % 5
from generate_series(1, :users) as person
cross join generate_series(0, 99) as number
order by person;

-- One more user, with 10,000 bookings in one year: what a heavy ledger costs.
insert into data.users (id, public_id, full_name, timezone, reserve)
values (:users + 1, md5('tideline' || (:users + 1))::uuid, 'Heavy', 'UTC', 500);
insert into data.categories (user_id, id, name) values (:users + 1, :users + 1, 'Everyday');
insert into data.subcategories (user_id, id, category_id, name)
select :users + 1, (:users + 1) * 10 + number, :users + 1, 'Group ' || number
from generate_series(0, 4) as number;
insert into data.accounts (user_id, id, name, currency, opened_on)
values (:users + 1, (:users + 1) * 10, 'Checking', 'USD', '2025-01-01');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, every_n, anchor_on, month_days, roll,
    expected_from
)
select
    :users + 1, (:users + 1) * 100 + id % 100, kind, name, amount, (:users + 1) * 10, frequency,
    every_n, anchor_on, month_days, roll, expected_from
from data.recurring_items
where user_id = 1 and kind <> 'transfer';
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, subcategory_id
)
select
    :users + 1,
    (:users + 1) * 1000::bigint + number,
    (:users + 1) * 10,
    -1 - pg_temp.draw(1, number, 9000)::numeric / 100,
    date '2025-01-16' + (number * 363 / 10000)::integer,
    'Card payment ' || number,
    'Shop ' || number % 500,
    (:users + 1) * 10 + number % 5
from generate_series(0, 9999) as number;

insert into data.budget_periods (user_id, id, kind, starts_on, ends_on)
select person, person, 'yearly', '2025-01-16', '2026-01-15'
from generate_series(1, :users + 1) as person;
insert into data.budgets (user_id, id, budget_period_id, name, currency, chain_id)
select person, person, person, 'Year', 'USD', person
from generate_series(1, :users + 1) as person;
insert into data.budget_allocations (user_id, id, budget_id, subcategory_id, amount)
select person, person * 10 + number, person, person * 10 + number, 1000
from generate_series(1, :users + 1) as person
cross join generate_series(0, 4) as number;

update data.accounts as account
set current_balance = account.opening_balance + booked.total
from (
    select user_id, account_id, sum(amount) as total
    from data.transactions
    group by user_id, account_id
) as booked
where booked.user_id = account.user_id
  and booked.account_id = account.id;

select setval(pg_get_serial_sequence('data.' || name, 'id'), 1000000000)
from unnest(array[
    'users', 'login_sessions', 'accounts', 'categories', 'subcategories', 'recurring_items',
    'transactions', 'budget_periods', 'budgets', 'budget_allocations'
]) as name;

vacuum (analyze) data.users, data.user_emails, data.login_sessions, data.accounts, data.categories,
    data.subcategories, data.recurring_items, data.transactions, data.budget_periods, data.budgets,
    data.budget_allocations;

select
    count(*) as users,
    (select count(*) from data.recurring_items) as rules,
    (select count(*) from data.transactions) as bookings
from data.users;
