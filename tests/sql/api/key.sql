select plan(6);

insert into data.users (id) values (-1);
select core.session_issue(-1, sha256('a'), interval '1 hour');
select set_config('app.user_id', '-1', true);
create temporary table made as
select api.key_add(-1, 'script', sha256('a'), null, null)::jsonb as answer;

select results_eq(
    $$ select answer ->> 'name', answer ->> 'is_read_only', right(answer ->> 'token', 4)
       from made $$,
    $$ select 'script', 'true', answer ->> 'hint' from made $$, 'a key is shown once'
);
select is_empty(
    $$ select from made
       where api.key_list(-1)::text like '%' || (answer ->> 'token') || '%' $$, 'and never again'
);
select is(
    (select api.key_drop(-1, (answer ->> 'id')::bigint, null, null)::jsonb from made),
    (select jsonb_build_object('id', answer -> 'id', 'dropped', true) from made), 'it can end'
);
select throws_ok(
    $$ select api.key_drop(-1, (answer ->> 'id')::bigint, null, null) from made $$, 'PT404',
    'No such API key', 'once'
);
select results_eq(
    $$ select event_type from data.verification_audit_log order by created_at $$,
    $$ values ('api_key_added'), ('api_key_revoked') $$, 'both are written down'
);

select core.session_clear(-1);
select throws_ok(
    $$ select api.key_add(-1, 'late', sha256('a'), null, null) $$, 'PT401',
    'This session has ended: log in again', 'a session that just ended leaves no key behind'
);

select * from finish();
