select plan(4);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.debts (user_id, id, name, balance, currency, apr, minimum_payment)
values
    (-1, 1, 'Car', 90, 'USD', 0.12, 40),
    (-1, 2, 'Card', 100, 'USD', 0.24, 50),
    (-1, 3, 'Euro', 100, 'EUR', 0.24, 50);
create temporary table answers as
select core.ways_json(-1, '2025-01-01', '2025-01-31', 'USD', 0, '{3}', lump, 2) as said, lump
from unnest(array[null, 6000]) as lump;

select results_eq(
    $$ select said ->> 'as_of', said #>> '{avalanche,months}', said #>> '{excluded_debts,0}'
       from answers where lump is null $$,
    $$ values ('2025-01-01', '3', '3') $$, 'all ways side by side'
);
select ok(
    (select bool_and((said ->> 'lump_sum' is null) = (lump is null)) from answers),
    'a lump sum is there when it was asked for'
);
select results_eq(
    $$ select said #>> '{lump_sum,amount}', said #>> '{lump_sum,avalanche,months}',
           said #>> '{lump_sum,avalanche_saves,months}',
           said #>> '{lump_sum,avalanche_saves,interest}'
       from answers where lump is not null $$,
    $$ values ('60.00', '2', '1', '0.17') $$, 'with what it saves'
);
select is(
    (select shape #>> '{lump_sum?,amount}' from core.ways_shape() as shape), 'money',
    'its shape is told'
);

select * from finish();
