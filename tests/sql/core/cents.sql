select plan(5);

select is(
    (select core.cents_sum(cents) from (values (150::bigint), (-50)) as known (cents)), 100::bigint,
    'cents add up'
);
select is(
    (select core.cents_sum(cents) from (values (1::bigint)) as known (cents) where false),
    0::bigint,
    'nothing adds up to nothing, not to null'
);
select is(core.cents_text(5), '0.05', 'five cents have two decimals');
select is(core.cents_text(-120000), '-1200.00', 'spending keeps its sign and its zeros');
select is(core.cents_text(0), '0.00', 'nothing is written with two decimals');

select * from finish();
