-- API keys of one owner: for programs, shown once.

-- It takes one thing more: beside the old form there would be two functions for one route.
drop function if exists api.key_add(bigint, api.label, inet, text, boolean, timestamptz);
create or replace function api.key_add(
    _user_id bigint,
    _name api.label,
    _session_hash bytea,
    _client_ip inet,
    _user_agent text,
    _is_read_only boolean default true,
    _expires_at timestamptz default null
)
returns json
language plpgsql
as $$
declare
    v_key record;
begin
    perform core.login_check(_user_id, _session_hash);
    select added.id, added.token into v_key
    from core.key_add(_user_id, _name, coalesce(_is_read_only, true), _expires_at) as added;
    perform core.audit_add(
        _user_id, 'api_key_added', _client_ip, _user_agent,
        _event_details => jsonb_build_object('api_key_id', v_key.id)
    );
    return (
        select json_build_object(
            'id', item.id,
            'token', v_key.token,
            'name', item.name,
            'hint', item.hint,
            'is_read_only', item.is_read_only,
            'created_at', item.created_at,
            'expires_at', item.expires_at
        )
        from core.key_rows(_user_id, null, 1, v_key.id) as item
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/api-keys', 'api.key_add',
    summary => 'Make an API key: its token is shown this once',
    status => 201,
    needs_login => true,
    secret_fields => '{token}',
    answer => '{
        "id": "integer",
        "token": "text?",
        "name": "text",
        "hint": "text",
        "is_read_only": "boolean",
        "created_at": "timestamp",
        "expires_at": "timestamp?"
    }'
);

create or replace function api.key_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(item) order by item.id desc),
            array_agg(core.cursor_text(item.id) order by item.id desc),
            _limit
        )
        from core.key_rows(_user_id, core.cursor_id(_cursor), _limit + 1) as item
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/api-keys', 'api.key_list',
    summary => 'Live API keys, newest first',
    needs_login => true,
    answer => core.shape_page(core.key_shape())
);

create or replace function api.key_drop(
    _user_id bigint, _api_key_id api.key, _client_ip inet, _user_agent text
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.check_found('API key', core.key_end(_user_id, _api_key_id));
begin
    perform core.audit_add(
        _user_id, 'api_key_revoked', _client_ip, _user_agent,
        _event_details => jsonb_build_object('api_key_id', v_id)
    );
    return json_build_object('id', v_id, 'dropped', true);
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/api-keys/{api_key_id}', 'api.key_drop',
    summary => 'Revoke an API key',
    needs_login => true,
    answer => '{"id": "integer", "dropped": "boolean"}'
);
