select plan(2);
\ir _import.sql

select pg_temp.stage(1, '[]'), pg_temp.stage(2, '[]');
select is(
    core.statement_json(-1, 1) ->> 'status', 'staged', 'an import tells how far it is'
);
select results_eq(
    'select id from core.statement_page(-1, 3, 1)', 'values (2::bigint)', 'newest first'
);

select * from finish();
