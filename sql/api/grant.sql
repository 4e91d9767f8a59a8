-- Who else may read: grants of an owner to coaches.

-- It takes one thing more: beside the old form there would be two functions for one route.
drop function if exists api.grant_add(bigint, api.email, api.scopes, inet, text, timestamptz);
create or replace function api.grant_add(
    _user_id bigint,
    _email api.email,
    _scopes api.scopes,
    _session_hash bytea,
    _client_ip inet,
    _user_agent text,
    _expires_at timestamptz default null
)
returns json
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform core.login_check(_user_id, _session_hash);
    perform core.attempt_check('grant_user', core.password_who(_user_id));
    v_id := core.grant_add(_user_id, _email, _scopes, _expires_at);
    -- Sent to every address: that nobody reads it there, the owner does not learn.
    if core.email_may(_email) then
        perform core.message_add(
            _user_id, 'mail', core.email_folded(_email), 'grant_added',
            jsonb_build_object(
                'name', core.user_name(_user_id), 'scope', array_to_string(_scopes, ', ')
            )
        );
    end if;
    perform core.audit_add(
        _user_id, 'grant_added', _client_ip, _user_agent,
        _event_details => jsonb_build_object('access_grant_id', v_id)
    );
    return (
        select to_json(item) from core.grant_rows(_user_id, null, 1, v_id) as item
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/access-grants', 'api.grant_add',
    summary => 'Let a coach read: the same answer whether the address is known or not',
    status => 201,
    needs_login => true,
    answer => core.grant_shape()
);

create or replace function api.grant_list(
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
        from core.grant_rows(_user_id, core.cursor_id(_cursor), _limit + 1) as item
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/access-grants', 'api.grant_list',
    summary => 'Who else may read, newest first',
    answer => core.shape_page(core.grant_shape())
);

create or replace function api.grant_drop(
    _user_id bigint, _access_grant_id api.key, _client_ip inet, _user_agent text
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.check_found(
        'access grant', core.grant_end(_user_id, _access_grant_id)
    );
begin
    perform core.audit_add(
        _user_id, 'grant_revoked', _client_ip, _user_agent,
        _event_details => jsonb_build_object('access_grant_id', v_id)
    );
    return json_build_object('id', v_id, 'dropped', true);
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/access-grants/{access_grant_id}', 'api.grant_drop',
    summary => 'Take a grant back: it ends within a second',
    needs_login => true,
    answer => '{"id": "integer", "dropped": "boolean"}'
);
