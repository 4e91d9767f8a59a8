select plan(19);

insert into data.users (id) values (-1);
select set_config('app.user_id', '-1', true);

create function api.probe_add(_user_id bigint, _name text, _answer json default null)
returns json language plpgsql as $$
begin
    if _name = 'wrong' then
        raise exception 'Wrong' using errcode = 'PT422', column = 'name';
    end if;
    insert into data.categories (user_id, name) values (_user_id, _name);
    return coalesce(_answer, json_build_object('name', _name, 'token', 'secret'));
end;
$$;
call api.route(
    'POST /probe/{user_id}', 'api.probe_add', summary => 'A probe', status => 201,
    secret_fields => '{token}'
);
create function pg_temp.ask(_key text, _request text, variadic _values text[])
returns table (answer text, status integer, is_replayed boolean) language sql as $$
    select once.answer, once.status, once.is_replayed
    from api.request_once(
        -1, _key, sha256(convert_to(_request, 'UTF8')), 'api.probe_add',
        ('{_name,_answer}'::text[])[:cardinality(_values)], _values
    ) as once;
$$;
create function pg_temp.hint_of(_statement text) returns text language plpgsql as $$
declare
    v_hint text;
begin
    execute _statement;
    return null;
exception when others then
    get stacked diagnostics v_hint = pg_exception_hint;
    return v_hint;
end;
$$;

select results_eq(
    $$ select * from pg_temp.ask('k', 'one', 'one') $$,
    $$ values ('{"name" : "one", "token" : "secret"}', 201, false) $$,
    'the first request is done'
);
select results_eq(
    $$ select * from pg_temp.ask('k', 'one', 'one') $$,
    $$ values ('{ "name" : "one", "token" : null }', 201, true) $$,
    'the second has its answer, without the secret'
);
select is((select count(*) from data.categories), 1::bigint, 'and no effect');
select throws_ok(
    $$ select * from pg_temp.ask('k', 'two', 'two') $$, 'PT422',
    'This Idempotency-Key came with another request before', 'another request is refused'
);
select is(
    pg_temp.hint_of($$ select * from pg_temp.ask('k', 'two', 'two') $$),
    'idempotency_mismatch', 'by a name that programs read'
);
select throws_ok(
    $$ select * from pg_temp.ask('w', 'wrong', 'wrong') $$, 'PT422', 'Wrong',
    'a refusal is the function''s own'
);
select is((select count(*) from data.idempotency_keys), 1::bigint, 'and leaves no key');
select results_eq(
    $$ select is_replayed from pg_temp.ask('w', 'right', 'right') $$, $$ values (false) $$,
    'so that the next try is a new one'
);

select results_eq(
    $$ select answer from pg_temp.ask('r', 'r', 'counted', '{"refusal": {"status": 401}}') $$,
    $$ values ('{"refusal": {"status": 401}}') $$, 'a refusal that keeps what it counted'
);
select results_eq(
    $$ select is_replayed from pg_temp.ask('r', 'r', 'again') $$, $$ values (false) $$,
    'is no effect that a key stands for'
);

select lives_ok(
    $$ select * from pg_temp.ask(
        'long', 'l', 'long', json_build_object('x', repeat('x', 262144))::text
    ) $$,
    'a long answer is given'
);
select is(
    pg_temp.hint_of($$ select * from pg_temp.ask('long', 'l', 'long') $$),
    'answer_not_kept', 'once: what it stood for is not done again'
);
select is(
    (select count(*) from data.categories where name = 'long'), 1::bigint, 'not even then'
);

select throws_ok(
    $$ select * from api.request_once(
        -1, 'k', sha256('x'), 'api.account_edit', '{_account_id}', '{1}'
    ) $$,
    'PT404', 'No such request', 'only what is a POST can be asked for'
);
select throws_ok(
    $$ select * from api.request_once(
        -1, 'k', sha256('x'), 'core.user_add', '{_email}', '{a@example.com}'
    ) $$,
    'PT404', 'No such request', 'nothing of core'
);

select results_eq(
    $$ select status, answer::text
    from api.request_known(-1, 'k', sha256('one'), 'api.probe_add') $$,
    $$ select status, answer from pg_temp.ask('k', 'one', 'one') $$,
    'what a key was answered is known without doing anything'
);
select is_empty(
    $$ select * from api.request_known(-1, 'new', sha256('one'), 'api.probe_add') $$,
    'of a new key nothing is known'
);
select is(
    pg_temp.hint_of($$ select * from api.request_known(-1, 'k', sha256('x'), 'api.probe_add') $$),
    'idempotency_mismatch', 'another request under the key is refused'
);
select is(
    pg_temp.hint_of(
        $$ select * from api.request_known(-1, 'long', sha256('l'), 'api.probe_add') $$
    ),
    'answer_not_kept', 'as is what was too long to keep'
);

select * from finish();
