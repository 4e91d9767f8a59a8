select plan(4);

insert into data.users (id) values (-1), (-2);

select is(core.clock_read(-1), 0::bigint, 'a ledger that nobody wrote to stands at 0');
select is(core.clock_tick(-1), 1::bigint, 'the first write is number 1');
select is(core.clock_tick(-1), 2::bigint, 'the next one is the next number');
select results_eq(
    'select core.clock_read(-1), core.clock_read(-2)',
    'values (2::bigint, 0::bigint)',
    'each owner has a clock of their own'
);

select * from finish();
