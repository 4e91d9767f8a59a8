-- Doors for tests alone: each shows one thing that a route can want proved, or do with a cookie.
create table if not exists data.door_keys (email text primary key, stored text, full_name text);
comment on table data.door_keys is 'reference: of tests';
alter table data.door_keys owner to owner;

-- Stands in for the product's own: hashes by address, as the test put them there.
drop function if exists api.password_read;
create function api.password_read(_email text, _user_id bigint, _client_ip inet)
returns json
language sql stable security definer
set search_path = ''
as $$
    select json_build_object(
        'password_hash',
        case
            when _email is not null
            then (select stored from data.door_keys where email = _email)
            else (select stored from data.door_keys where email = _user_id::text)
        end,
        'words',
        coalesce((select json_agg(full_name) from data.door_keys where email = _email), '[]')
    );
$$;
revoke execute on function api.password_read from public;
grant execute on function api.password_read to service;

create or replace function api.door_enter(
    _email text,
    _password_ok boolean,
    _upgraded_hash text,
    _client_ip inet,
    _server_key bytea,
    _captcha_ok boolean,
    _cookie boolean default false
)
returns json
language plpgsql
as $$
declare
    v_user_id bigint := (select user_id from data.user_emails where email = _email);
    v_token text := v_user_id || '.' || translate(
        encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'base64'), '+/=', '-_'
    );
begin
    if _password_ok is not true then
        raise exception 'E-mail and password do not match' using errcode = 'PT401';
    end if;
    if v_user_id is not null then
        perform set_config('app.user_id', v_user_id::text, true);
        perform core.session_issue(
            v_user_id, sha256(convert_to(v_token, 'UTF8')), interval '1 day'
        );
    end if;
    return json_build_object(
        'token', v_token, 'cookie', _cookie, 'csrf_token', null, 'upgraded', _upgraded_hash,
        'key_bytes', octet_length(_server_key), 'captcha_ok', _captcha_ok, 'amount', 0.60
    );
end;
$$;
call api.route(
    'POST /api/v2/door/enter', 'api.door_enter', access => 'public', cookie => 'set',
    summary => 'Comes in', answer => '{}'
);

create or replace function api.door_make(
    _email text, _password_hash text, _full_name text default null
)
returns json
language sql
as $$
    insert into data.door_keys (email, stored, full_name) values (_email, _password_hash, _full_name)
    returning json_build_object('stored', stored);
$$;
call api.route(
    'POST /api/v2/door/make', 'api.door_make', access => 'public',
    summary => 'Makes a key', answer => '{}'
);

create or replace function api.door_change(
    _user_id bigint, _password_ok boolean, _new_password_hash text, _session_hash bytea
)
returns json
language sql
as $$
    select json_build_object(
        'was_right', _password_ok, 'stored', _new_password_hash,
        'session', encode(_session_hash, 'hex')
    );
$$;
call api.route(
    'POST /api/v2/users/{user_id}/door/change', 'api.door_change',
    summary => 'Changes the key', answer => '{}'
);

create or replace function api.door_leave(_user_id bigint, _session_hash bytea)
returns json
language sql
as $$
    select json_build_object('ended', core.session_revoke(_user_id, _session_hash));
$$;
call api.route(
    'POST /api/v2/users/{user_id}/door/leave', 'api.door_leave', cookie => 'clear',
    summary => 'Goes out', answer => '{}'
);
