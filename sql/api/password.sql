-- Passwords: what the service checks one against, and another one for who is logged in.

-- {password_hash, words} of whoever is meant by an address or a user's key; {} for nobody. Not a
-- route: the service calls it before it computes any hash, and an attempt is counted by that.
-- Errors: PT429 too many of them, known and unknown alike.
create or replace function api.password_read(_user_id bigint, _email text, _client_ip inet)
returns json
language plpgsql security definer
set search_path = ''
as $$
declare
    v_user_id bigint := _user_id;
begin
    if _email is null and _user_id is null then
        perform core.attempt_check('prove_source', coalesce(core.source_text(_client_ip), ''));
        return '{}';
    end if;
    if _user_id is null then
        v_user_id := core.email_take(_email);
    end if;
    perform core.password_try(
        coalesce(core.email_folded(_email), core.password_who(_user_id)),
        coalesce(v_user_id, 0),
        _client_ip
    );
    return coalesce(
        (
            select json_build_object('password_hash', known.password_hash, 'words', known.words)
            from core.password_known(coalesce(v_user_id, 0)) as known
        ),
        '{}'
    );
end;
$$;
comment on function api.password_read(bigint, text, inet) is
    'The hash that a password is checked against';
revoke execute on function api.password_read(bigint, text, inet) from public;
grant execute on function api.password_read(bigint, text, inet) to service;

-- It takes one thing more: beside the old form there would be two functions for one route.
drop function if exists api.password_edit(bigint, boolean, text, bytea, inet, text);
create or replace function api.password_edit(
    _user_id bigint,
    _password_ok boolean,
    _checked_hash text,
    _new_password_hash text,
    _session_hash bytea,
    _client_ip inet,
    _user_agent text
)
returns json
language plpgsql
as $$
declare
    v_count integer;
begin
    if not core.password_stands(_user_id, _password_ok, _checked_hash) then
        return core.password_wrong(_user_id, _client_ip, _user_agent, 'password');
    end if;
    perform core.password_right(core.password_who(_user_id), _client_ip);
    perform core.password_set(_user_id, _new_password_hash);
    v_count := core.session_clear(_user_id, _session_hash);
    perform core.message_add(_user_id, 'mail', own.email, 'password_changed')
    from core.email_row(_user_id) as own;
    perform core.audit_add(_user_id, 'password_changed', _client_ip, _user_agent);
    return json_build_object('changed', true, 'ended_count', v_count);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/password', 'api.password_edit',
    summary => 'Change the password: every other session ends at once',
    needs_login => true,
    answer => '{"changed": "boolean", "ended_count": "integer"}'
);
