select plan(5);
\ir _import.sql

select is(
    core.upload_start(-1, '{"name": "a.csv", "format": "ofx"}', 1, '{"accounts": {}}') > 0, true,
    'an import begins'
);
select throws_ok(
    $$ select core.upload_start(-1, '{}', 9, '{"accounts": {}}') $$, 'PT404', null,
    'into an account that is there'
);
select throws_ok(
    $$ select core.upload_start(-1, '{}', 1, '{"accounts": {"x": 9}}') $$, 'PT404', null,
    'as are those that names in the file stand for'
);
select is(
    core.upload_options('{"encoding": "utf-8", "columns": null, "sha256": "x"}'),
    '{"encoding": "utf-8"}', 'it is remembered how a file was read'
);

select pg_temp.stage(91, '[[2, "-1", "2026-01-01", "a"]]');
update data.statement_imports set updated_at = now() - interval '2 days' where user_id = -1;
select core.upload_forget();
select is(
    (
        select string_agg(status, ' ') || ' ' || (select count(*) from data.staged_rows)
        from data.statement_imports where user_id = -1
    ),
    'failed failed 0', 'what nobody goes on with for a day has failed, and its rows go'
);

select * from finish();
