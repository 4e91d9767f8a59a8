select plan(7);

insert into data.users (id, public_id) values (-1, '00000000-0000-4000-8000-000000000001');
select core.session_issue(-1, sha256('a'), interval '1 hour');
select set_config('app.user_id', '-1', true);

select is(
    api.caller_read(-1, sha256('a'))::jsonb,
    '{"id": -1, "public_id": "00000000-0000-4000-8000-000000000001", "tier": "budget",
      "role": "user", "kind": "session", "is_read_only": false, "is_cookie": false,
      "is_touch_due": false}'::jsonb,
    'a live session says who its caller is'
);
select is(api.caller_read(-1, sha256('b'))::text, null, 'an unknown token is null');

create temporary table made as select token from core.key_add(-1, 'script', true, null);
select is(
    (select api.caller_read(-1, core.secret_hash(token)) from made)::jsonb,
    '{"id": -1, "public_id": "00000000-0000-4000-8000-000000000001", "tier": "budget",
      "role": "user", "kind": "api_key", "is_read_only": true, "is_cookie": false,
      "is_touch_due": true}'::jsonb,
    'an API key says that it is one'
);
select is(
    (
        select count(*)::integer from api.routes
        where function in ('api.caller_read', 'api.session_touch')
    ),
    0,
    'it is no route: only the service asks'
);
select ok(
    has_function_privilege('service', 'api.caller_read(bigint, bytea)', 'execute'),
    'the service may ask'
);
select set_config('app.user_id', '-2', true);
select is(
    api.caller_read(-1, sha256('a'))::text, null, 'in the name of another, a token says nothing'
);
select set_config('app.user_id', '', true);
select is(api.caller_read(-1, sha256('a'))::text, null, 'nor in nobody''s');

select * from finish();
