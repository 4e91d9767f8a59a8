select plan(5);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty
)
values
    (-1, 1, 1, -10, '2026-01-02', 'Pay', 'Firm'),
    (-1, 2, 1, -10, '2026-01-16', 'Pay', 'Firm'),
    (-1, 3, 1, -12, '2026-01-30', 'Pay', 'Firm'),
    (-1, 4, 1, -10, '2026-03-05', 'Old', 'Once'),
    (-1, 5, 1, -10, '2026-03-01', 'Buy', 'Shop'),
    (-1, 6, 1, -10, '2026-03-02', 'Buy', 'Shop');

create temporary table seen on commit drop as
select * from core.candidate_rows(-1, '2026-03-10');

select results_eq(
    $$select distinct unit, step, day, second, cents from seen
    where identity = 'payee firm' and way = 1 order by unit$$,
    $$values ('half', 1, 2, 16, -1000::bigint), ('week', 2, 5, null, -1000)$$,
    'fourteen days: every second Friday, or twice a month'
);
select is(
    (select array_agg(nominal_on order by on_day) from seen
        where identity = 'payee firm' and way = 1 and unit = 'half'),
    '{2026-01-02,2026-01-16,2026-02-02}',
    'where the bookings would lie'
);
select is(
    (select array_agg(distinct step) from seen where identity = 'payee once'),
    '{1}',
    'seen once: once a month'
);
select is(
    (select count(*) from seen where identity = 'payee shop'), 0::bigint, 'a day is no rhythm'
);
select is(
    (select array_agg(distinct chance) from seen), '{0.5}', 'nothing learnt is one half'
);

select * from finish();
