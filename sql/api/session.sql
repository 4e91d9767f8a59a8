-- Coming in and going out: log-in, log-out, and the sessions that are open.

-- It takes one thing more: beside the old form there would be two functions for one route.
drop function if exists api.session_add(api.email, boolean, text, inet, text, boolean);
create or replace function api.session_add(
    _email api.email,
    _password_ok boolean,
    _checked_hash text,
    _upgraded_hash text,
    _client_ip inet,
    _user_agent text,
    _cookie boolean default false
)
returns json
language plpgsql
as $$
declare
    v_user_id constant bigint := core.email_take(_email);
    v_stands constant boolean := core.password_stands(v_user_id, _password_ok, _checked_hash);
    v_person record;
    v_session record;
begin
    select person.public_id, person.is_known_place, person.is_first into v_person
    from core.login_person(v_user_id, _client_ip) as person;
    if not v_stands or v_person.public_id is null then
        perform core.audit_add(v_user_id, 'login_failed', _client_ip, _user_agent);
        return core.refusal_json(
            401, 'wrong_credentials', 'The e-mail address or the password is wrong.'
        );
    end if;
    if _upgraded_hash is not null then
        update data.users set password_hash = _upgraded_hash where id = v_user_id;
    end if;
    perform core.password_right(core.email_folded(_email), _client_ip);
    if not v_person.is_known_place and not v_person.is_first then
        perform core.login_tell(v_user_id, _email, _client_ip, _user_agent);
    end if;
    select started.token, started.expires_at, started.idle_expires_at into v_session
    from core.session_start(
        v_user_id, coalesce(_cookie, false), _client_ip, _user_agent
    ) as started;
    perform core.audit_add(v_user_id, 'login_ok', _client_ip, _user_agent);
    return json_build_object(
        'user_id', v_person.public_id,
        'token', v_session.token,
        'csrf_token', null,
        'cookie', coalesce(_cookie, false),
        'expires_at', v_session.expires_at,
        'idle_expires_at', v_session.idle_expires_at
    );
end;
$$;

call api.route(
    'POST /api/v2/login', 'api.session_add',
    summary => 'Log in: a token, in the answer or in a cookie',
    access => 'public',
    fields => '{"cookie": {"description": "The token goes into a cookie, not into the answer"}}',
    answer => '{
        "user_id": "uuid",
        "token": "text?",
        "csrf_token": "text?",
        "cookie": "boolean",
        "expires_at": "timestamp",
        "idle_expires_at": "timestamp"
    }',
    secret_fields => '{token,csrf_token}',
    cookie => 'set'
);

create or replace function api.session_leave(
    _user_id bigint, _session_hash bytea, _client_ip inet, _user_agent text
)
returns json
language plpgsql
as $$
declare
    v_is_ended constant boolean := core.session_revoke(_user_id, _session_hash);
begin
    -- What had ended is not noted: a log-out costs no units, and would fill the log.
    perform core.audit_add(_user_id, 'logout', _client_ip, _user_agent) where v_is_ended;
    return json_build_object('ended_count', v_is_ended::integer);
end;
$$;

call api.route(
    'POST /api/v2/logout', 'api.session_leave',
    summary => 'Log out: this session ends at once',
    access => 'user',
    needs_login => true,
    answer => '{"ended_count": "integer"}',
    cookie => 'clear'
);

create or replace function api.session_clear(_user_id bigint, _client_ip inet, _user_agent text)
returns json
language plpgsql
as $$
declare
    v_count constant integer := core.session_clear(_user_id);
begin
    perform core.audit_add(
        _user_id, 'logout', _client_ip, _user_agent,
        _event_details => jsonb_build_object('everywhere', true)
    ) where v_count > 0;
    return json_build_object('ended_count', v_count);
end;
$$;

call api.route(
    'POST /api/v2/logout-everywhere', 'api.session_clear',
    summary => 'Log out everywhere: every session ends at once, this one too',
    access => 'user',
    needs_login => true,
    answer => '{"ended_count": "integer"}',
    cookie => 'clear'
);

create or replace function api.session_list(
    _user_id bigint,
    _session_hash bytea,
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(session) order by session.id desc),
            array_agg(core.cursor_text(session.id) order by session.id desc),
            _limit
        )
        from core.session_rows(
            _user_id, _session_hash, core.cursor_id(_cursor), _limit + 1
        ) as session
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/sessions', 'api.session_list',
    summary => 'Where you are logged in, newest first',
    needs_login => true,
    answer => core.shape_page('{
        "id": "integer",
        "is_current": "boolean",
        "is_cookie": "boolean",
        "client_ip": "text?",
        "user_agent": "text?",
        "created_at": "timestamp",
        "last_seen_at": "timestamp",
        "expires_at": "timestamp"
    }')
);

create or replace function api.session_drop(
    _user_id bigint, _session_id api.key, _client_ip inet, _user_agent text
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.check_found('session', core.session_end(_user_id, _session_id));
begin
    perform core.audit_add(
        _user_id, 'session_revoked', _client_ip, _user_agent,
        _event_details => jsonb_build_object('session_id', v_id)
    );
    return json_build_object('id', v_id, 'dropped', true);
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/sessions/{session_id}', 'api.session_drop',
    summary => 'Log out one session',
    needs_login => true,
    answer => '{"id": "integer", "dropped": "boolean"}'
);

-- True when the session or key behind a token was live, and is noted as in use. Not a route: the
-- service calls it when api.caller_read says that it is due.
create or replace function api.session_touch(_user_id bigint, _token_hash bytea)
returns boolean
language sql security definer
set search_path = ''
as $$
    select core.session_touch(_user_id, _token_hash) or core.key_touch(_user_id, _token_hash);
$$;
comment on function api.session_touch(bigint, bytea) is 'A token is in use';
revoke execute on function api.session_touch(bigint, bytea) from public;
grant execute on function api.session_touch(bigint, bytea) to service;
