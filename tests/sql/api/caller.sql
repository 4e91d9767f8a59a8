select plan(4);
select set_config('app.user_id', '-1', true);

insert into data.users (id, public_id) values (-1, '00000000-0000-4000-8000-000000000001');
select core.session_issue(-1, sha256('a'), interval '1 hour');

select is(
    api.caller_read(-1, sha256('a'))::jsonb,
    '{"id": -1, "public_id": "00000000-0000-4000-8000-000000000001", "tier": "budget",
      "role": "user", "is_active": true}'::jsonb,
    'a live session says who its caller is'
);
select is(api.caller_read(-1, sha256('b'))::text, null, 'an unknown token is null');
select is(
    (
        select count(*)::integer from api.routes where function = 'api.caller_read'
    ),
    0,
    'it is no route: only the service asks'
);
select ok(
    has_function_privilege('service', 'api.caller_read(bigint, bytea)', 'execute'),
    'the service may ask'
);

select * from finish();
