select plan(4);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty
)
select -1, row_number() over (), 1, amount, day, 'Booking', payee
from (
    values
        ('Employer', '2026-01-12'::date, 100), ('Employer', '2026-02-12', 100),
        ('Employer', '2026-03-12', 150), ('Employer', '2026-04-12', 100),
        ('Employer', '2026-05-12', 100),
        ('Twice', '2026-03-01', -7), ('Twice', '2026-03-12', -9), ('Twice', '2026-04-01', -7),
        ('Twice', '2026-04-12', -9), ('Twice', '2026-05-01', -7), ('Twice', '2026-05-12', -9),
        ('Week', '2026-05-05', -1), ('Week', '2026-05-12', -1)
) as booked (payee, day, amount);

create temporary table seen on commit drop as
select * from core.choice_rows(-1, '2026-05-15');

select results_eq(
    $$select level, cents from seen where identity = 'payee employer'$$,
    $$values ('', 10000::bigint)$$,
    'a bonus does not part the salary'
);
select results_eq(
    $$select level, cents, day from seen where identity = 'payee twice' order by cents$$,
    $$values ('-900', -900::bigint, 12), ('-700', -700, 1)$$,
    'two orders are parted by their amounts'
);
select is(
    (select count(*) from seen where identity = 'payee week'), 0::bigint,
    'a week has to be seen twice'
);
select is((select array_agg(distinct roll) from seen), '{none}', 'nothing rolls here');

select * from finish();
