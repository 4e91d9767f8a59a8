-- What the demo household lives on: two earners, a rented flat, a car, a child.
-- Nothing is drawn by lot: every amount follows from its day, so two databases show the same.
-- The days are counted from the day of the first call, so that something is always about to happen.

-- What the household pays and earns again and again; _as_of is the day it moves in.
-- Two of them depend on that day: the internet bill fell due 6 days before it, the phone bill will
-- 2 days after it; core.diary_bookings leaves the one open and posts the other ahead of its day.
create or replace function core.scene_items(_as_of date)
returns table (
    slug text,
    kind text,
    name text,
    amount numeric,
    account text,
    to_account text,
    subcategory text,
    counterparty text,
    frequency text,
    anchor_on date,
    month_days integer[],
    weekday integer,
    nth integer,
    roll text
)
language sql stable
as $$
    select
        item.slug, item.kind, item.name, item.amount, item.account, item.to_account,
        item.subcategory, item.counterparty, item.frequency,
        coalesce(item.anchor_on::date, _as_of - 400), item.month_days, item.weekday, item.nth,
        item.roll
    from (
        values
            ('salary', 'income', 'Salary', 1912.40, 'Checking', null, 'Salary',
                'Northwind Logistics', 'semimonthly', null, array[15, -1], null, null, 'previous'),
            ('wages', 'income', 'Wages, part-time', 655.00, 'Checking', null, 'Salary',
                'Corner Bakery', 'biweekly', null, null, 5, null, 'previous'),
            ('rent', 'expense', 'Rent', -1650.00, 'Checking', null, 'Rent',
                'Maple Court Apartments', 'monthly', null, array[1], null, null, 'none'),
            ('childcare', 'expense', 'Childcare', -860.00, 'Checking', null, 'Childcare',
                'Little Oaks', 'monthly', null, array[5], null, null, 'next'),
            ('car', 'expense', 'Car loan', -312.40, 'Checking', null, 'Car loan',
                'Granite Auto Finance', 'monthly', null, array[12], null, null, 'next'),
            ('loan', 'expense', 'Student loan', -218.00, 'Checking', null, 'Student loan',
                'Federal Loan Office', 'monthly', null, array[25], null, null, 'next'),
            ('power', 'expense', 'Electricity', -94.50, 'Checking', null, 'Electricity',
                'City Power', 'monthly', null, array[8], null, null, 'none'),
            ('gas', 'expense', 'Gas and heating', -61.00, 'Checking', null, 'Gas and heating',
                'Valley Gas', 'monthly', null, array[20], null, null, 'none'),
            ('internet', 'expense', 'Internet', -69.99, 'Checking', null, 'Internet',
                'Fibrenet', 'monthly', null, array[extract(day from _as_of - 6)::integer], null,
                null, 'none'),
            ('phone', 'expense', 'Phones', -85.00, 'Checking', null, 'Phone',
                'Bluebird Mobile', 'monthly', null, array[extract(day from _as_of + 2)::integer],
                null, null, 'none'),
            ('parking', 'expense', 'Parking permit', -45.00, 'Checking', null,
                'Parking and tolls', 'City Parking', 'monthly', null, null, 1, 1, 'none'),
            ('car-insurance', 'expense', 'Car insurance', -389.00, 'Checking', null,
                'Car insurance', 'Harbor Mutual', 'quarterly',
                _as_of + 38 - interval '15 months', null, null, null, 'next'),
            ('home-insurance', 'expense', 'Home insurance', -264.00, 'Checking', null,
                'Home insurance', 'Harbor Mutual', 'yearly',
                _as_of + 75 - interval '2 years', null, null, null, 'next'),
            ('stream', 'expense', 'Film streaming', -15.49, 'Card', null, 'Streaming',
                'Moonlight Video', 'monthly', null, array[22], null, null, 'none'),
            ('music', 'expense', 'Music streaming', -10.99, 'Card', null, 'Streaming',
                'Tunebox', 'monthly', null, array[3], null, null, 'none'),
            ('gym', 'expense', 'Gym', -39.00, 'Card', null, 'Fitness',
                'Riverside Gym', 'monthly', null, array[10], null, null, 'none'),
            ('food', 'expense', 'Groceries', -134.00, 'Card', null, 'Groceries',
                null, 'weekly', null, null, 6, null, 'none'),
            ('save', 'transfer', 'To savings', 75.00, 'Checking', 'Savings', 'To savings',
                null, 'monthly', null, array[16], null, null, 'none'),
            ('card', 'transfer', 'Card payment', 1290.00, 'Checking', 'Card', 'Card payment',
                null, 'monthly', null, array[27], null, null, 'next')
    ) as item (
        slug, kind, name, amount, account, to_account, subcategory, counterparty, frequency,
        anchor_on, month_days, weekday, nth, roll
    );
$$;

-- Spending that nobody schedules, between two days: one row per purchase. n counts days since 2000;
-- every entry comes on the days whose n leaves its rest, and costs its base and up to its span.
create or replace function core.scene_purchases(_from date, _to date)
returns table (
    slug text,
    on_day date,
    account text,
    amount numeric,
    description text,
    subcategory text,
    counterparty text
)
language sql immutable
as $$
    select
        entry.slug,
        day.on_day,
        entry.account,
        -round(entry.base + (day.n * 37 % 101) * entry.span / 100.0, 2),
        entry.description,
        entry.subcategory,
        entry.counterparty
    from (
        select on_day::date as on_day, on_day::date - date '2000-01-01' as n
        from generate_series(_from::timestamp, _to::timestamp, interval '1 day') as on_day
    ) as day
    inner join (
        values
            ('fuel', 9, 4, 'Card', 34.20, 14.0, 'Fuel', 'Fuel', 'Quickstop'),
            ('coffee', 3, 1, 'Card', 4.35, 4.1, 'Coffee', 'Coffee and snacks', 'Corner Bakery'),
            ('dinner', 5, 2, 'Card', 24.80, 38.0, 'Dinner out', 'Restaurants', 'Trattoria Lina'),
            ('pharmacy', 29, 11, 'Card', 9.60, 21.0, 'Pharmacy', 'Pharmacy', 'Elm Pharmacy'),
            ('clothes', 41, 17, 'Card', 38.00, 74.0, 'Clothes', 'Clothing', 'Field & Thread'),
            ('cash', 14, 6, 'Checking', 60.00, 0.0, 'Cash withdrawal', 'Cash withdrawal', null),
            ('gift', 53, 20, 'Card', 22.00, 33.0, 'Birthday present', 'Gifts', 'Paper Kite Toys'),
            ('market', 11, 7, 'Checking', 18.40, 17.0, 'Farmers market', 'Groceries', null),
            ('doctor', 97, 40, 'Checking', 40.00, 25.0, 'Dentist', 'Doctor and dentist', 'Dr Osei'),
            ('trip', 173, 90, 'Card', 240.00, 160.0, 'Weekend trip', 'Travel', 'Lakeside Inn')
    ) as entry (slug, step, rest, account, base, span, description, subcategory, counterparty)
        on day.n % entry.step = entry.rest;
$$;
