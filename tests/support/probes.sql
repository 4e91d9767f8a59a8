-- Endpoints that exist in tests alone: each shows one thing that a room does with a request.
create or replace function api.probe_echo(
    _user_id bigint,
    _count integer default 1,
    _amount api.money default null,
    _flag boolean default null,
    _note api.note default null,
    _on api.day default null,
    _days api.month_days default null,
    _words text [] default null,
    _tree jsonb default null
)
returns json
language sql stable
as $$
    select json_build_object(
        'count', _count, 'amount', _amount, 'flag', _flag, 'note', _note, 'on', _on,
        'days', _days, 'words', _words, 'tree', _tree, 'length', length(_note)
    );
$$;
call api.route(
    'GET /api/v2/users/{user_id}/probe/echo', 'api.probe_echo',
    summary => 'What it was given', answer => '{"count": "any"}'
);

create or replace function api.probe_take(
    _user_id bigint,
    _name api.label,
    _count integer default 1,
    _amount api.money default null,
    _tree jsonb default null,
    _caller_id bigint default null,
    _caller_tier text default null,
    _client_ip inet default null,
    _user_agent text default null,
    _body jsonb default null
)
returns json
language sql
as $$
    select json_build_object(
        'name', _name, 'count', _count, 'amount', _amount, 'tree', _tree,
        'is_mine', _caller_id = _user_id, 'tier', _caller_tier, 'ip', _client_ip,
        'agent', _user_agent, 'body', _body
    );
$$;
call api.route(
    'POST /api/v2/users/{user_id}/probe/echo', 'api.probe_take', status => 201,
    summary => 'What it was given', answer => '{"name": "any"}',
    fields => '{"name": {"maxLength": 50}}'
);

create or replace function api.probe_fail(_user_id bigint, _code text)
returns json
language plpgsql stable
as $$
begin
    raise exception 'secret table data.users' using errcode = _code, detail = 'secret row',
        hint = 'secret hint', column = 'code';
end;
$$;
call api.route(
    'GET /api/v2/users/{user_id}/probe/fail', 'api.probe_fail',
    summary => 'Refuses', answer => '{"never": "any"}'
);

-- The sequence counts the calls, whatever becomes of them.
create sequence if not exists data.probe_calls;
alter sequence data.probe_calls owner to owner;
create or replace function api.probe_lose(_user_id bigint, _times integer)
returns json
language plpgsql
as $$
begin
    if nextval('data.probe_calls') <= _times then
        raise exception 'lost' using errcode = '40001';
    end if;
    return json_build_object('calls', currval('data.probe_calls'));
end;
$$;
call api.route(
    'POST /api/v2/users/{user_id}/probe/lose', 'api.probe_lose',
    summary => 'Loses against another write', answer => '{"calls": "any"}'
);

create or replace function api.probe_wait(_user_id bigint, _seconds double precision)
returns json
language plpgsql stable
as $$
begin
    perform pg_catalog.pg_sleep(_seconds);
    return json_build_object('waited', _seconds);
end;
$$;
call api.route(
    'GET /api/v2/users/{user_id}/probe/wait', 'api.probe_wait', is_fast => false,
    summary => 'Takes its time', answer => '{"waited": "any"}', timeout_ms => 4000
);

create or replace function api.probe_linger(_user_id bigint)
returns json
language sql
as $$ select json_build_object('waited', pg_catalog.pg_sleep(5)::text) $$;
call api.route(
    'POST /api/v2/users/{user_id}/probe/linger', 'api.probe_linger', is_fast => false,
    summary => 'Takes longer than it may', answer => '{"waited": "any"}', timeout_ms => 300
);

create or replace function api.probe_meddle(_user_id bigint)
returns json
language plpgsql stable
as $$
begin
    update api.routes set summary = summary;
    return '{}';
end;
$$;
call api.route(
    'GET /api/v2/users/{user_id}/probe/meddle', 'api.probe_meddle', is_fast => false,
    summary => 'A read that tries to write', answer => '{"never": "any"}'
);

create or replace function api.probe_setting(_user_id bigint, _name text)
returns json
language sql stable
as $$ select json_build_object('value', current_setting(_name), 'session', session_user) $$;
call api.route(
    'GET /api/v2/users/{user_id}/probe/setting', 'api.probe_setting',
    summary => 'A setting of the connection', answer => '{"value": "any"}'
);

create or replace function api.probe_slow_setting(_user_id bigint, _name text)
returns json
language sql stable
as $$ select json_build_object('value', current_setting(_name), 'session', session_user) $$;
call api.route(
    'GET /api/v2/users/{user_id}/probe/slow-setting', 'api.probe_slow_setting', is_fast => false,
    summary => 'A setting of the connection', answer => '{"value": "any"}', timeout_ms => 1234
);

create or replace function api.probe_write(_user_id bigint, _name text)
returns json
language sql
as $$ select json_build_object('value', current_setting(_name)) $$;
call api.route(
    'POST /api/v2/users/{user_id}/probe/slow-setting', 'api.probe_write', is_fast => false,
    summary => 'A setting of the connection', answer => '{"value": "any"}'
);

create or replace function api.probe_large(_user_id bigint, _size integer)
returns json
language sql stable
as $$ select json_build_object('text', repeat('abcdefghij', _size / 10)) $$;
call api.route(
    'GET /api/v2/users/{user_id}/probe/large', 'api.probe_large',
    summary => 'Much of the same', answer => '{"text": "text"}',
    aliases => array['/api/probe/{user_id}/large/']
);

create or replace function api.probe_null(_user_id bigint)
returns json
language sql stable
as $$ select null::json $$;
call api.route(
    'GET /api/v2/users/{user_id}/probe/null', 'api.probe_null',
    summary => 'Nothing', answer => '{"never": "any"}'
);

create or replace function api.probe_open()
returns json
language sql stable
as $$ select json_build_object('open', true) $$;
call api.route(
    'GET /api/v2/probe/open', 'api.probe_open', access => 'public',
    summary => 'For anybody', answer => '{"open": "boolean"}'
);

create or replace function api.probe_whoever(_caller_id bigint)
returns json
language sql stable
as $$ select json_build_object('is_known', _caller_id is not null) $$;
call api.route(
    'GET /api/v2/probe/whoever', 'api.probe_whoever', access => 'user',
    summary => 'For any caller', answer => '{"is_known": "boolean"}'
);

create or replace function api.probe_rule()
returns json
language sql stable
as $$ select json_build_object('admin', true) $$;
call api.route(
    'GET /api/v2/probe/rule', 'api.probe_rule', access => 'admin',
    summary => 'For admins', answer => '{"admin": "boolean"}'
);

-- What each call about a file brought, in the order of the calls.
create table if not exists data.probe_parts (
    id bigint generated always as identity primary key,
    user_id bigint not null,
    upload_id bigint not null,
    file jsonb not null,
    rows jsonb not null
);
comment on table data.probe_parts is 'reference: of tests';
alter table data.probe_parts owner to owner;
create sequence if not exists data.probe_uploads;
alter sequence data.probe_uploads owner to owner;

create or replace function api.probe_file(
    _user_id bigint,
    _file jsonb,
    _rows jsonb,
    _refuse_part integer default null,
    _wait_s double precision default 0,
    _remembered text default null
)
returns json
language plpgsql
as $$
declare
    v_upload_id bigint := coalesce(
        (_file ->> 'upload_id')::bigint, nextval('data.probe_uploads')
    );
begin
    if _refuse_part = (_file ->> 'part')::integer and _file -> 'fault' = 'null' then
        raise exception 'No part % today', _refuse_part
            using errcode = 'PT422', column = 'refuse_part';
    end if;
    perform pg_catalog.pg_sleep(_wait_s);
    insert into data.probe_parts (user_id, upload_id, file, rows)
    values (_user_id, v_upload_id, _file, _rows);
    return (
        select json_build_object(
            'upload_id', v_upload_id,
            'mapping', _remembered::json,
            'parts', count(*),
            'rows', sum(jsonb_array_length(part.rows)),
            'file', _file
        )
        from data.probe_parts as part
        where part.upload_id = v_upload_id
    );
end;
$$;
call api.route(
    'POST /api/v2/users/{user_id}/probe/files', 'api.probe_file', status => 201,
    is_fast => false, timeout_ms => 5000, max_file_bytes => 4194304,
    summary => 'Takes a file', answer => '{"upload_id": "any"}'
);

-- A list of pages of _size rows each; page _fail_at is refused, each waits a little.
create or replace function api.probe_list(
    _user_id bigint,
    _pages integer default 1,
    _size integer default 2,
    _fail_at integer default null,
    _word text default 'word',
    _wait_s double precision default 0,
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
declare
    v_page constant integer := coalesce(_cursor::integer, 1);
begin
    if v_page = _fail_at then
        raise exception 'No page % today', v_page using errcode = 'PT422';
    end if;
    perform pg_catalog.pg_sleep(_wait_s);
    return json_build_object(
        'items', coalesce(
            (
                select json_agg(
                    json_build_object(
                        'id', (v_page - 1) * _size + n, 'amount', 0.60, 'word', _word,
                        'tags', json_build_array('a', 1.50), 'nothing', null, 'is_so', true
                    )
                    order by n
                )
                from generate_series(1, _size) as n
            ),
            '[]'
        ),
        'next_cursor', case when v_page < _pages then (v_page + 1)::text end
    );
end;
$$;
call api.route(
    'GET /api/v2/users/{user_id}/probe/list', 'api.probe_list',
    summary => 'A list', answer => '{
        "items": [{
            "id": "integer", "amount": "money", "word": "text", "tags": ["any"],
            "nothing": "text?", "is_so": "boolean"
        }],
        "next_cursor": "text?"
    }'
);
