select plan(14);

select is(core.strand_words('Rent 03/2026, ref. 8812'), 'rent ref', 'digits and signs go');
select is(core.strand_words('Rent April 2026'), 'rent', 'months go');
select is(core.strand_words('Mayer & Marchand'), 'mayer marchand', 'not out of words');
select is(core.strand_words('2026-01-01'), '', 'nothing may be left');

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01'), (-1, 2, 'Savings', 'USD', '2020-01-01');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, transfer_id
)
values
    (-1, 1, 1, -10, '2026-01-01', 'Order', 'Acme', null),
    (-1, 2, 1, -20, '2026-01-15', 'Order', ' ACME', null),
    (-1, 3, 1, 5, '2026-01-16', 'Refund', 'Acme', null),
    (-1, 4, 1, -7, '2026-01-01', 'Fee 1', null, null),
    (-1, 5, 1, -7, '2026-01-02', 'Fee 2', '', null),
    (-1, 6, 1, -8, '2026-01-03', 'Fee 3', null, null),
    (-1, 7, 1, -9, '2026-01-03', 'Xk', null, null),
    (-1, 8, 1, -9, '2026-02-03', 'Yq', null, null),
    (-1, 9, 1, -50, '2026-01-20', 'Saving', null, 9),
    (-1, 10, 2, 50, '2026-01-20', 'Saving', null, 9),
    (-1, 11, 1, 0, '2026-01-20', 'Nothing', null, null),
    (-1, 12, 1, -10, '2026-06-01', 'Later', 'Acme', null);

create temporary table seen on commit drop as
select * from core.strand_bookings(-1, '2026-05-01');

select is(
    (select array_agg(id order by id) from seen),
    '{1,2,3,4,5,6,7,8,9}',
    'not the leg that arrives, not nothing, not what is booked later'
);
select is(
    (select array_agg(id order by id) from seen where identity = 'payee acme' and direction = -1),
    '{1,2}',
    'a counterparty, however it is written, in one direction'
);
select is(
    (select array_agg(id order by id) from seen where identity = 'words fee'),
    '{4,5,6}',
    'without one: the words that three share'
);
select is(
    (select array_agg(id order by id) from seen where identity = 'level  -900'),
    '{7,8}',
    'else the amount'
);
select is((select is_payee from seen where id = 5), false, 'an empty name is nobody');

create temporary table strands on commit drop as
select * from core.strand_rows(-1, '2026-05-01');

select is(
    (select array_agg(id order by on_day) from strands where identity = 'payee acme' and way = 1
        and direction = -1),
    '{1,2}',
    'an identity whole'
);
select is(
    (select count(*) from strands where identity = 'payee acme' and way = 2),
    0::bigint,
    'an amount that comes once is no strand'
);
select is(
    (select array_agg(newest order by on_day) from strands where strand like '%words fee|2|-700'),
    '{2,1}',
    'parted by amount, the newest is 1'
);
select is(
    (select gap_days from strands where id = 8 and way = 1), 31, 'the way back to the one before'
);
select is(
    (select count(*) from strands where id = 3), 1::bigint, 'a payee seen once is a strand'
);

select * from finish();
