-- The rows that every database needs before its first user: the categories a new user starts with,
-- and the calendar that knows weekends alone.
-- depends: 0007.transactions

set lock_timeout = '3s';

insert into data.category_templates (category, subcategory, position)
values
    ('Income', 'Salary', 101),
    ('Income', 'Bonus', 102),
    ('Income', 'Interest', 103),
    ('Income', 'Pension', 104),
    ('Income', 'Refunds', 105),
    ('Income', 'Other income', 106),
    ('Housing', 'Rent', 201),
    ('Housing', 'Mortgage', 202),
    ('Housing', 'Household payments', 203),
    ('Housing', 'Repairs', 204),
    ('Utilities', 'Electricity', 301),
    ('Utilities', 'Gas and heating', 302),
    ('Utilities', 'Water', 303),
    ('Utilities', 'Internet', 304),
    ('Utilities', 'Phone', 305),
    ('Food', 'Groceries', 401),
    ('Food', 'Restaurants', 402),
    ('Food', 'Coffee and snacks', 403),
    ('Transport', 'Fuel', 501),
    ('Transport', 'Public transport', 502),
    ('Transport', 'Parking and tolls', 503),
    ('Transport', 'Car repairs', 504),
    ('Health', 'Doctor and dentist', 601),
    ('Health', 'Pharmacy', 602),
    ('Health', 'Fitness', 603),
    ('Insurance', 'Health insurance', 701),
    ('Insurance', 'Car insurance', 702),
    ('Insurance', 'Home insurance', 703),
    ('Insurance', 'Life insurance', 704),
    ('Insurance', 'Other insurance', 705),
    ('Debt', 'Car loan', 801),
    ('Debt', 'Student loan', 802),
    ('Debt', 'Loan payments', 803),
    ('Debt', 'Leasing', 804),
    ('Leisure', 'Streaming', 901),
    ('Leisure', 'Books and games', 902),
    ('Leisure', 'Travel', 903),
    ('Leisure', 'Going out', 904),
    ('Shopping', 'Clothing', 1001),
    ('Shopping', 'Home goods', 1002),
    ('Shopping', 'Gifts', 1003),
    ('Bank', 'Fees', 1101),
    ('Bank', 'Cash withdrawal', 1102),
    ('Bank', 'Cash deposit', 1103),
    ('Transfers', 'To savings', 1201),
    ('Transfers', 'Card payment', 1202),
    ('Family', 'Childcare', 1301),
    ('Family', 'School', 1302),
    ('Family', 'Pets', 1303)
on conflict do nothing;

insert into data.holiday_calendars (code, name)
values ('WEEKENDS', 'Saturdays and Sundays')
on conflict do nothing;

insert into data.closed_days (calendar, on_day, previous_open_on, next_open_on)
select
    'WEEKENDS',
    saturday + shift,
    saturday - 1,
    saturday + 2
from (
    select date '1890-01-04' + 7 * week as saturday  -- the first Saturday of data.months
    from generate_series(0, (date '2215-12-26' - date '1890-01-04') / 7) as week
) as saturdays
cross join (values (0), (1)) as days (shift)
on conflict do nothing;
