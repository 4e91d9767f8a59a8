select plan(7);

insert into data.users (id, full_name) values (-1, 'Ann');
select core.session_issue(-1, sha256('a'), interval '1 hour');
select set_config('app.user_id', '-1', true);
create temporary table made as
select
    api.grant_add(-1, 'Coach@example.org', '{forecast}', sha256('a'), null, null)::jsonb as answer;

select results_eq(
    $$ select answer ->> 'email', answer -> 'scopes', answer ->> 'expires_at' from made $$,
    $$ values ('coach@example.org', '["forecast"]'::jsonb, null::text) $$, 'a grant says for whom'
);
select results_eq(
    $$ select recipient, template from data.messages $$,
    $$ values ('coach@example.org', 'grant_added') $$, 'the address is told, known or not'
);
select is(
    json_array_length(api.grant_list(-1) -> 'items'), 1, 'the owner sees who may read'
);
select is(
    (select api.grant_drop(-1, (answer ->> 'id')::bigint, null, null)::jsonb ->> 'dropped'
     from made),
    'true', 'and can take it back'
);
select throws_ok(
    $$ select api.grant_drop(-1, (answer ->> 'id')::bigint, null, null) from made $$, 'PT404',
    'No such access grant', 'once'
);
select throws_ok(
    $$ select api.grant_add(-1, 'coach@example.org', '{forecast}', sha256('b'), null, null) $$,
    'PT401', 'This session has ended: log in again', 'whose session has ended grants nothing'
);
select core.attempt_take('grant_user', 'user:-1') from generate_series(1, 20);
select throws_ok(
    $$ select api.grant_add(-1, 'coach@example.org', '{forecast}', sha256('a'), null, null) $$,
    'PT429', null, 'twenty a day are enough, each is a mail'
);

select * from finish();
