select plan(40);

create function api.probe_read(_user_id bigint, _limit integer default 1) returns json
language sql stable as $$ select '{}'::json; $$;

select lives_ok(
    $$call api.route('GET /probe/{user_id}', 'api.probe_read', summary => 'A probe')$$,
    'a function that fits its route is published'
);
select results_eq(
    $$select
        method, path, function, access, status, cache_s, tags, cost, timeout_ms, is_fast,
        max_body_bytes, summary, fields, answer, aliases
    from api.routes where function = 'api.probe_read'$$,
    $$values (
        'GET', '/probe/{user_id}', 'api.probe_read', 'owner', 200::smallint, 0, '{}'::text[], 1,
        2000, true, 65536, 'A probe', '{}'::jsonb, '{}'::jsonb, '{}'::text[]
    )$$,
    'what is not said has its default'
);
select is(
    (
        select format('%s %s %s', proowner::regrole, prosecdef, proconfig)
        from pg_catalog.pg_proc
        where oid = 'api.probe_read'::regproc
    ),
    'owner t {"search_path=\"\""}',
    'a published function runs as owner, with no schema on its path'
);
select ok(
    has_function_privilege('service', 'api.probe_read(bigint, integer)', 'execute'),
    'service may call what was published'
);
select is_empty(
    $$select from pg_catalog.pg_proc as routine, aclexplode(routine.proacl) as item
    where routine.oid = 'api.probe_read'::regproc and item.grantee = 0$$,
    'nobody else may'
);
select is(
    obj_description('api.probe_read'::regproc, 'pg_proc'), 'A probe',
    'the summary is the function''s comment'
);

call api.route(
    'GET /moved/{user_id}', 'api.probe_read', summary => 'A moved probe', access => 'user',
    cache_s => 60, tags => '{probe}', cost => 3, timeout_ms => 500, is_fast => false,
    max_body_bytes => 2048, fields => '{"limit": {"maximum": 5}}', answer => '{"days": "integer"}',
    aliases => '{"/old/{user_id}"}'
);
select results_eq(
    $$select
        method, path, access, cache_s, tags, cost, timeout_ms, is_fast, max_body_bytes, summary,
        fields, answer, aliases
    from api.routes where function = 'api.probe_read'$$,
    $$values (
        'GET', '/moved/{user_id}', 'user', 60, '{probe}'::text[], 3, 500, false, 2048,
        'A moved probe', '{"limit": {"maximum": 5}}'::jsonb, '{"days": "integer"}'::jsonb,
        '{"/old/{user_id}"}'::text[]
    )$$,
    'a new address takes the old one''s place, and all that is said is kept'
);

select throws_ok(
    $$call api.route('GET/probe', 'api.probe_read', summary => 'A probe')$$, '22023',
    'route GET/probe must be written as METHOD /path', 'method and path stand apart'
);
select throws_ok(
    $$call api.route('FETCH /probe/{user_id}', 'api.probe_read', summary => 'A probe')$$, '23514',
    null, 'a method that HTTP does not know is refused'
);
select throws_ok(
    $$call api.route('GET /Probe Sheet', 'api.probe_read', summary => 'A probe')$$, '22023',
    null, 'a path holds no blank'
);
select throws_ok(
    $$call api.route('GET /Probe/{user_id}', 'api.probe_read', summary => 'A probe')$$, '23514',
    null, 'a path is lower case'
);
select throws_ok(
    $$call api.route('GET /probe/{user_id}', 'api.nothing', summary => 'A probe')$$, '42883',
    'no function api.nothing for route GET /probe/{user_id}', 'the function must exist'
);
select throws_ok(
    $$call api.route('GET /probe/{user_id}', 'core.probe_read', summary => 'A probe')$$, '42883',
    'no function core.probe_read for route GET /probe/{user_id}',
    'a function of another schema is never published'
);
select throws_ok(
    $$call api.route('GET /probe/{user_id}/{day}', 'api.probe_read', summary => 'A probe')$$,
    '22023', 'api.probe_read takes no field day that route GET /probe/{user_id}/{day} names',
    'a field of the path is a parameter of the function'
);
select throws_ok(
    $$call api.route(
        'GET /probe/{user_id}', 'api.probe_read', summary => 'A probe', aliases => '{"/old/{day}"}'
    )$$,
    '22023', 'api.probe_read takes no field day that route GET /probe/{user_id} names',
    'a field of an alias is a parameter too'
);
select throws_ok(
    $$call api.route(
        'GET /probe/{user_id}', 'api.probe_read', summary => 'A probe', aliases => '{old}'
    )$$,
    '22023', 'alias old of GET /probe/{user_id} must be a path', 'an alias is a path'
);
select throws_ok(
    $$call api.route(
        'GET /probe/{user_id}', 'api.probe_read', summary => 'A probe', fields => '{"day": {}}'
    )$$,
    '22023', 'api.probe_read takes no field day that route GET /probe/{user_id} names',
    'a refined field is a parameter of the function'
);
select throws_ok(
    $$call api.route('GET /probe', 'api.probe_read', summary => 'A probe')$$, '23514',
    null, 'an owner''s route has the owner in its path'
);
select throws_ok(
    $$call api.route(
        'GET /probe/{user_id}', 'api.probe_read', summary => 'A probe', access => 'friends'
    )$$,
    '23514', null, 'access is one of four words'
);
select throws_ok(
    $$call api.route(
        'GET /probe/{user_id}', 'api.probe_read', summary => 'A probe', answer => '{"day": "dat"}'
    )$$,
    '22023', 'answer of api.probe_read: data.day: "dat" is not a known word',
    'an answer is written in known words'
);
select throws_ok(
    $$call api.route(
        'GET /probe/{user_id}', 'api.probe_read', summary => 'A probe', timeout_ms => 60001
    )$$,
    '23514', null, 'no route may take longer than a minute'
);
select throws_ok(
    $$call api.route(
        'GET /probe/{user_id}', 'api.probe_read', summary => 'A probe', status => 500
    )$$,
    '23514', null, 'the status of a route is a success'
);
select throws_ok(
    $$call api.route('GET /probe/{user_id}', 'api.probe_read', summary => null)$$, '23502',
    null, 'a route says what it is for'
);

select throws_ok(
    $$call api.route(
        'GET /probe/{user_id}', 'api.probe_read', summary => 'A probe', access => 'public'
    )$$,
    '22023', 'api.probe_read takes an owner, but a public route does not know who asks',
    'nobody owns what is public'
);
select throws_ok(
    $$call api.route(
        'GET /probe/{user_id}', 'api.probe_read', summary => 'A probe', access => 'admin'
    )$$,
    '22023', '{user_id} in GET /probe/{user_id} would be the admin alone: name another field',
    'an admin does not look at somebody else by way of the caller''s own field'
);
select throws_ok(
    $$call api.route(
        'GET /probe', 'api.probe_read', summary => 'A probe', access => 'admin',
        aliases => '{"/old/{user_id}"}'
    )$$,
    '22023', '{user_id} in GET /probe would be the admin alone: name another field',
    'nor by way of an alias'
);

create function api.probe_write(_user_id bigint, _body jsonb) returns json
language sql as $$ select '{}'::json; $$;
select throws_ok(
    $$call api.route('GET /probe/{user_id}', 'api.probe_write', summary => 'A probe')$$, '22023',
    'api.probe_write is volatile: a GET reads, so its function is stable', 'a GET only reads'
);
select lives_ok(
    $$call api.route('POST /probe/{user_id}', 'api.probe_write', summary => 'A probe')$$,
    'a POST may write'
);
select throws_ok(
    $$call api.route('PATCH /probe/{user_id}', 'api.probe_write', summary => 'A probe')$$, '22023',
    'api.probe_write must take _if_match bigint: an edit says which version it means',
    'an edit can say which version it means'
);
select throws_ok(
    $$call api.route(
        'PUT /probe/{user_id}', 'api.probe_write', summary => 'A probe', needs_key => true
    )$$,
    '23514', null, 'a key is for a POST'
);
create function api.probe_open(_body jsonb) returns json language sql as $$ select '{}'::json; $$;
select throws_ok(
    $$call api.route(
        'POST /probe', 'api.probe_open', summary => 'A probe', access => 'public', needs_key => true
    )$$,
    '22023', 'POST /probe is public: a key counts for whoever asks, and nobody is known',
    'of somebody who is known'
);
select throws_ok(
    $$call api.route(
        'POST /probe/{user_id}', 'api.probe_write', summary => 'A probe', cache_s => 60
    )$$,
    '23514', null, 'only reads are cached'
);
select throws_ok(
    $$call api.route('POST /probe/{user_id}/{body}', 'api.probe_write', summary => 'A probe')$$,
    '22023',
    'field body of POST /probe/{user_id}/{body} is filled by the service, never by a caller',
    'what the service fills does not come from the wire'
);

create function api.probe_twice(_user_id bigint) returns json
language sql stable as $$ select '{}'::json; $$;
create function api.probe_twice(_user_id bigint, _limit integer) returns json
language sql stable as $$ select '{}'::json; $$;
select throws_ok(
    $$call api.route('GET /twice/{user_id}', 'api.probe_twice', summary => 'A probe')$$, '42725',
    'api.probe_twice is overloaded: a route needs one function', 'a route needs one function'
);

create function api.probe_text(_user_id bigint) returns text
language sql stable as $$ select ''; $$;
select throws_ok(
    $$call api.route('GET /text/{user_id}', 'api.probe_text', summary => 'A probe')$$, '22023',
    'api.probe_text must return one json', 'an answer is json'
);
create function api.probe_set(_user_id bigint) returns setof json
language sql stable as $$ select '{}'::json; $$;
select throws_ok(
    $$call api.route('GET /set/{user_id}', 'api.probe_set', summary => 'A probe')$$, '22023',
    'api.probe_set must return one json', 'an answer is one row'
);

create function api.probe_bare(user_id bigint) returns json
language sql stable as $$ select '{}'::json; $$;
select throws_ok(
    $$call api.route('GET /bare', 'api.probe_bare', summary => 'A probe', access => 'user')$$,
    '22023', 'parameter "user_id" of api.probe_bare must begin with _',
    'a parameter cannot be mistaken for a column'
);
create function api.probe_nameless(bigint) returns json
language sql stable as $$ select '{}'::json; $$;
select throws_ok(
    $$call api.route('GET /nameless', 'api.probe_nameless', summary => '', access => 'user')$$,
    '22023', 'parameter "" of api.probe_nameless must begin with _',
    'a parameter has a name'
);

create function api.probe_second(_limit integer, _user_id bigint) returns json
language sql stable as $$ select '{}'::json; $$;
select throws_ok(
    $$call api.route('GET /second/{user_id}', 'api.probe_second', summary => 'A probe')$$, '22023',
    'api.probe_second must take its owner first: _user_id bigint', 'the owner comes first'
);
create function api.probe_uuid(_user_id uuid) returns json
language sql stable as $$ select '{}'::json; $$;
select throws_ok(
    $$call api.route('GET /uuid/{user_id}', 'api.probe_uuid', summary => 'A probe')$$, '22023',
    'api.probe_uuid must take its owner first: _user_id bigint', 'the owner is a number'
);

select * from finish();
