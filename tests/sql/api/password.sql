select plan(15);

insert into data.users (id, full_name, password_hash) values (-1, 'Ann', 'stored');
insert into data.user_emails (email, user_id) values ('ann@example.org', -1);
select core.session_issue(-1, sha256('a'), interval '1 hour');
select core.session_issue(-1, sha256('b'), interval '1 hour');

select is(
    api.password_read(null, 'Ann@Example.org', '192.0.2.1')::jsonb ->> 'password_hash', 'stored',
    'a log-in is checked against what is stored'
);
select is(
    api.password_read(null, 'no@example.org', '192.0.2.1')::jsonb, '{}'::jsonb,
    'for nobody there is nothing'
);
select set_config('app.user_id', '-1', true);
select is(
    api.password_read(-1, null, '192.0.2.1')::jsonb,
    '{"password_hash": "stored", "words": ["ann@example.org", "Ann"]}'::jsonb,
    'who is logged in is known by their key'
);
select is(
    api.password_read(null, null, '192.0.2.1')::jsonb, '{}'::jsonb, 'a token says nothing yet'
);

select results_eq(
    $$ select kind, attempt_count from data.attempts order by kind, attempt_count $$,
    $$ values ('login_account', 1), ('login_account', 1), ('login_account', 1),
              ('login_pair', 1), ('login_pair', 1), ('login_pair', 1), ('login_source', 3),
              ('prove_source', 1) $$,
    'each look is an attempt, before any hash is computed'
);
select is(
    (
        select count(api.password_read(null, 'no@example.org', '192.0.2.1'))::integer
        from generate_series(1, 4)
    ),
    4, 'five are free'
);
select throws_ok(
    $$ select api.password_read(null, 'no@example.org', '192.0.2.1') $$, 'PT429',
    'Too many attempts. Wait a while before the next one.', 'the next one waits'
);

select set_config('app.user_id', '-1', true);
select is(
    api.password_edit(-1, false, 'stored', 'new', sha256('a'), '192.0.2.1', 'test')::jsonb
        #>> '{refusal,status}',
    '403', 'a change wants the password'
);
select is(
    (select password_hash from data.users where id = -1), 'stored', 'else nothing changes'
);
select is(
    api.password_edit(-1, true, 'older', 'new', sha256('a'), '192.0.2.1', 'test')::jsonb
        #>> '{refusal,code}',
    'wrong_password', 'a password that was changed meanwhile changes nothing'
);
select is(
    api.password_edit(-1, true, 'stored', 'new', sha256('a'), '192.0.2.1', 'test')::jsonb,
    '{"changed": true, "ended_count": 1}'::jsonb, 'with it the other sessions end'
);
select is((select password_hash from data.users where id = -1), 'new', 'the new one is stored');
select results_eq(
    $$ select token_hash = sha256('a') from data.login_sessions where revoked_at is null $$,
    $$ values (true) $$, 'the session that asked goes on'
);
select results_eq(
    $$ select recipient, template from data.messages $$,
    $$ values ('ann@example.org', 'password_changed') $$, 'and the owner is told'
);
select ok(
    has_function_privilege('service', 'api.password_read(bigint, text, inet)', 'execute'),
    'the service may ask'
);

select * from finish();
