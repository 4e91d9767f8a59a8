select plan(22);

insert into data.users (id, public_id, password_hash)
values (-1, '00000000-0000-4000-8000-000000000001', 'hash');
insert into data.user_emails (email, user_id) values ('ann@example.org', -1);

create function pg_temp.login(_ok boolean, _email text default 'Ann@Example.org')
returns jsonb language sql as $$
    select api.session_add(
        _email::api.email, _ok, 'hash', null, '192.0.2.1', 'test', true
    )::jsonb;
$$;
create function pg_temp.hash_of(_answer jsonb) returns bytea language sql as $$
    select core.secret_hash(_answer ->> 'token');
$$;

select is(
    pg_temp.login(false),
    '{"refusal": {"status": 401, "code": "wrong_credentials",
                  "detail": "The e-mail address or the password is wrong."}}'::jsonb,
    'a wrong password is refused'
);
select is(pg_temp.login(false, 'no@example.org'), pg_temp.login(false), 'like an unknown address');
select results_eq(
    $$ select user_id, event_type from data.verification_audit_log order by created_at $$,
    $$ values (-1::bigint, 'login_failed'), (null, 'login_failed'), (-1, 'login_failed') $$,
    'and it is written down'
);

create temporary table came as select pg_temp.login(true) as answer;
select results_eq(
    $$ select answer ->> 'user_id', answer ->> 'cookie', answer ->> 'csrf_token',
              (answer ->> 'expires_at')::timestamptz - now(),
              (answer ->> 'idle_expires_at')::timestamptz - now()
       from came $$,
    $$ values ('00000000-0000-4000-8000-000000000001', 'true', null::text,
               interval '12 hours', interval '1 hour') $$,
    'a log-in answers whom, in which form, and for how long'
);
select is(current_setting('app.user_id'), '-1', 'the transaction goes on as who came');
select isnt(
    pg_temp.login(true) ->> 'token', (select answer ->> 'token' from came),
    'each log-in has a token of its own'
);
select api.session_add('ann@example.org', true, 'hash', 'new hash', '192.0.2.1', 'test');
select is(
    (select password_hash from data.users where id = -1), 'new hash', 'an old hash is replaced'
);
select is(
    api.session_add('ann@example.org', true, 'hash', 'old', '192.0.2.1', 'test')::jsonb
        #>> '{refusal,code}',
    'wrong_credentials', 'a password that was changed while it was checked is wrong'
);
select is(
    (select password_hash from data.users where id = -1), 'new hash', 'and comes back to nobody'
);
update data.users set password_hash = 'hash' where id = -1;
select is_empty(
    $$ select from data.messages where template = 'new_login' $$, 'a known place is no news'
);
select api.session_add('ann@example.org', true, 'hash', null, '198.51.100.1', 'test');
select is(
    (select count(*)::integer from data.messages where template = 'new_login'), 1,
    'a new one is told'
);

update data.users set is_active = false where id = -1;
select is(
    pg_temp.login(true) #>> '{refusal,code}', 'wrong_credentials',
    'who is switched off does not come in'
);
update data.users set is_active = true where id = -1;

select set_config('app.user_id', '-1', true);
select results_eq(
    $$ select count(*), count(*) filter (where (item ->> 'is_current')::boolean)
       from came cross join lateral json_array_elements(
           api.session_list(-1, pg_temp.hash_of(answer)) -> 'items'
       ) as item $$,
    $$ values (4::bigint, 1::bigint) $$, 'open sessions, and the one that asks'
);
select is(
    (
        select json_array_length(page -> 'items')
        from api.session_list(-1, null, 3) as first
        cross join lateral api.session_list(-1, null, 3, first ->> 'next_cursor') as page
    ),
    1, 'page after page'
);
select is(
    (select api.session_touch(-1, pg_temp.hash_of(answer)) from came), true, 'one is in use'
);
select is(
    (select api.session_leave(-1, pg_temp.hash_of(answer), null, null)::jsonb from came),
    '{"ended_count": 1}'::jsonb, 'logging out ends it'
);
select is(
    (select api.session_leave(-1, pg_temp.hash_of(answer), null, null)::jsonb from came),
    '{"ended_count": 0}'::jsonb, 'once'
);
select is(
    api.session_drop(
        -1, (select max(id) from data.login_sessions where revoked_at is null), null, null
    )::jsonb ->> 'dropped',
    'true', 'one can be ended from another'
);
select throws_ok(
    $$ select api.session_drop(-1, 999999999, null, null) $$, 'PT404', 'No such session',
    'if it is there'
);
select is(
    api.session_clear(-1, null, null)::jsonb, '{"ended_count": 2}'::jsonb, 'or all of them'
);
select is(
    api.session_clear(-1, null, null)::jsonb, '{"ended_count": 0}'::jsonb, 'once as well'
);
select is(
    (
        select count(*) from data.verification_audit_log
        where user_id = -1 and event_type = 'logout'
    ),
    2::bigint, 'what had ended is not noted again'
);

select * from finish();
