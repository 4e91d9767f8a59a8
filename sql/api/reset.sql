-- A forgotten password: a mail, and a new one with the token in it.

create or replace function api.reset_add(_email api.email, _client_ip inet, _user_agent text)
returns json
language plpgsql
as $$
begin
    perform core.attempt_check('reset_source', coalesce(core.source_text(_client_ip), ''));
    perform core.audit_add(
        core.reset_ask(_email, _client_ip), 'password_reset_asked', _client_ip, _user_agent
    );
    return json_build_object('accepted', true);
end;
$$;

call api.route(
    'POST /api/v2/password-resets', 'api.reset_add',
    summary => 'Ask for a new password: the same answer for every address; a mail says more',
    access => 'public',
    status => 202,
    answer => '{"accepted": "boolean"}'
);

create or replace function api.reset_use(
    _token api.token, _new_password_hash text, _client_ip inet, _user_agent text
)
returns json
language plpgsql
as $$
declare
    v_user_id constant bigint := core.reset_take(_token);
    v_email text;
begin
    perform core.attempt_give('prove_source', coalesce(core.source_text(_client_ip), ''));
    perform core.password_set(v_user_id, _new_password_hash);
    perform core.session_clear(v_user_id);
    perform core.key_clear(v_user_id);
    select own.email into v_email from core.email_row(v_user_id) as own;
    -- Whoever signed up with an address that was not theirs leaves nothing behind.
    if core.email_prove(v_user_id, v_email) then
        perform core.grant_clear(v_user_id);
    end if;
    perform core.message_add(v_user_id, 'mail', v_email, 'password_changed');
    perform core.audit_add(v_user_id, 'password_reset', _client_ip, _user_agent);
    return json_build_object('changed', true);
end;
$$;

call api.route(
    'POST /api/v2/password-resets/complete', 'api.reset_use',
    summary => 'Set a new password with a mailed token: every session and API key ends at once',
    access => 'public',
    answer => '{"changed": "boolean"}'
);
