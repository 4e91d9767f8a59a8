-- Passwords: only what the service made of them is ever here.

-- One row of what a password is checked against: its hash (null when there is none), and what
-- everybody knows of its owner.
create or replace function core.password_known(_user_id bigint)
returns table (password_hash text, words text[])
language sql stable parallel safe
as $$
    select
        person.password_hash,
        array_remove(array[address.email, person.full_name, person.username], null)
    from data.users as person
    left join data.user_emails as address on address.user_id = person.id
    where person.id = _user_id;
$$;

-- Counts an attempt to prove a password, before it is looked at. _who is an address or a user's
-- key. Errors: PT429 one source tried too much, one account from one source, or one account from
-- sources that it does not know. A known source of a user stays free of what strangers do.
create or replace function core.password_try(_who text, _user_id bigint, _client_ip inet)
returns boolean
language plpgsql
as $$
declare
    v_source constant text := coalesce(core.source_text(_client_ip), '');
begin
    perform core.attempt_check('login_source', v_source);
    perform core.attempt_check('login_pair', _who || ' ' || v_source);
    if not core.session_knows(_user_id, _client_ip) then
        perform core.attempt_check('login_account', _who);
    end if;
    return true;
end;
$$;

-- Takes back what was counted, once the password was right.
create or replace function core.password_right(_who text, _client_ip inet)
returns void
language plpgsql
as $$
declare
    v_source constant text := coalesce(core.source_text(_client_ip), '');
begin
    perform core.attempt_give('login_source', v_source);
    perform core.attempt_clear('login_pair', _who || ' ' || v_source);
    perform core.attempt_give('login_account', _who);
end;
$$;

-- The name under which attempts of a user are counted who is logged in.
create or replace function core.password_who(_user_id bigint)
returns text
language sql immutable parallel safe
as $$
    select 'user:' || _user_id;
$$;

-- True when a password was right and its hash is still the one that it was checked against: whoever
-- sets another one meanwhile waits for this transaction, or has ended what this one would begin.
create or replace function core.password_stands(
    _user_id bigint, _is_right boolean, _checked_hash text
)
returns boolean
language plpgsql
as $$
begin
    if _is_right is not true then
        return false;
    end if;
    perform from data.users
    where id = _user_id and password_hash = _checked_hash
    for no key update;
    return found;
end;
$$;

-- Sets the hash of a user's password; what was mailed to set another one ends.
-- Errors: PT404 no such user.
create or replace function core.password_set(_user_id bigint, _hash text)
returns bigint
language sql
as $$
    delete from data.password_reset_tokens where user_id = _user_id and used_at is null;

    with edited as (
        update data.users
        set password_hash = _hash, updated_at = now()
        where id = _user_id
        returning id
    )
    select core.check_found('user', (select id from edited));
$$;

-- The answer to a password that is not the user's own, once that is written down.
create or replace function core.password_wrong(
    _user_id bigint, _client_ip inet, _user_agent text, _of text
)
returns json
language plpgsql
as $$
begin
    perform core.audit_add(
        _user_id, 'login_failed', _client_ip, _user_agent,
        _event_details => jsonb_build_object('of', _of)
    );
    return core.refusal_json(403, 'wrong_password', 'The password is wrong.');
end;
$$;
