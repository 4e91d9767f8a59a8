select plan(2);

insert into data.berka_rows (kind, file, line, cells)
select 'account', 'probe', line, '{1,2,3,4}' from generate_series(1, 500) as line;
select core.load_analyze('{data.berka_rows,data.transactions}');
select is(
    (select reltuples from pg_class where oid = 'data.berka_rows'::regclass)::integer, 500,
    'what a load wrote is known to the planner'
);
select throws_ok(
    $$ select core.load_analyze('{data.nothing}') $$, '42P01', null, 'a table is a table'
);

select * from finish();
