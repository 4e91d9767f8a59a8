-- A new password for who forgot theirs: a token by mail, half an hour, once, the newest only.

-- How long a mailed token sets a password.
create or replace function core.reset_life()
returns interval
language sql immutable parallel safe
as $$
    select interval '30 minutes';
$$;

-- Mails a reset token; older ones end. Returns the key of the message.
-- The message comes first, so that for nobody the same is done before it fails.
-- Errors: 23503 no such user.
create or replace function core.reset_issue(_user_id bigint, _email text)
returns bigint
language plpgsql
as $$
declare
    v_token constant text := core.secret_token(_user_id);
    v_message_id constant bigint := core.message_add(
        _user_id, 'mail', core.email_folded(_email), 'password_reset',
        jsonb_build_object('token', v_token)
    );
begin
    delete from data.password_reset_tokens where user_id = _user_id and used_at is null;
    insert into data.password_reset_tokens (user_id, token_hash, expires_at)
    values (_user_id, core.secret_hash(v_token), now() + core.reset_life());
    return v_message_id;
end;
$$;

-- Asks for a reset in somebody's name; returns the user, or null for nobody, who costs as much: it
-- is done for user 0 and taken back.
create or replace function core.reset_ask(_email text, _client_ip inet)
returns bigint
language plpgsql
as $$
declare
    v_user_id constant bigint := core.email_take(_email);
begin
    if core.email_may_from(_email, v_user_id, _client_ip) then
        perform core.identity_take(coalesce(v_user_id, 0));
        begin
            perform core.reset_issue(coalesce(v_user_id, 0), _email);
        exception
            when foreign_key_violation then null;  -- nobody: the message went with it
        end;
        perform core.identity_take(v_user_id);
    end if;
    return v_user_id;
end;
$$;
call core.identity_taker(
    'core.reset_ask(text, inet)',
    'a reset for nobody is written in the name of user 0, and taken back'
);

-- The active user of a live reset token, which is used by that. Errors: PT422 with token.
create or replace function core.reset_take(_token text)
returns bigint
language plpgsql
as $$
declare
    v_user_id constant bigint := core.secret_take(_token);
    v_is_good boolean;
begin
    with used as (
        update data.password_reset_tokens
        set used_at = now()
        where user_id = v_user_id
          and token_hash = core.secret_hash(_token)
          and used_at is null
          and expires_at > now()
          and exists (select from data.users where id = v_user_id and is_active)
        returning id
    )
    select exists (select from used) into v_is_good;
    perform core.check_rule(
        'token', v_is_good, 'This token was used, is too old, or is not known'
    );
    return v_user_id;
end;
$$;
