select plan(8);

select ok(
    array[
        'caller_id', 'client_ip', 'if_match', 'password_ok', 'server_key', 'file', 'rows'
    ]
        <@ core.route_reserved(),
    'who asks, from where and with what proof is never read from the wire'
);
select ok(
    not 'user_id' = any (core.route_reserved()),
    'the owner stands in the path'
);

create function pg_temp.fault(
    _parameters text[], _max_file_bytes bigint default null, _access text default 'owner'
) returns text
language sql as $$
    select core.route_fault(
        'POST', array['/probe/{user_id}'], 'api.probe', _access, false, _parameters,
        'bigint'::regtype, _max_file_bytes
    );
$$;

select is(
    pg_temp.fault('{_user_id,_file,_rows}', 1024), null,
    'a function that takes a file and its rows reads one'
);
select is(
    pg_temp.fault('{_user_id,_file}', 1024),
    'api.probe must take both _file jsonb and _rows jsonb, or neither',
    'a file without its rows is none'
);
select is(
    pg_temp.fault('{_user_id,_file,_rows}'),
    'api.probe reads a file if, and only if, it says max_file_bytes',
    'a file has a limit'
);
select is(
    pg_temp.fault('{_user_id}', 1024),
    'api.probe reads a file if, and only if, it says max_file_bytes',
    'a limit of files is for functions that take one'
);
select is(
    pg_temp.fault('{_user_id,_file,_rows,_body}', 1024),
    'api.probe reads a file of somebody known: it has no other body',
    'a body is either a file or JSON'
);
select is(
    pg_temp.fault('{_file,_rows}', 1024, 'public'),
    'api.probe reads a file of somebody known: it has no other body',
    'nobody unknown sends files'
);

select * from finish();
