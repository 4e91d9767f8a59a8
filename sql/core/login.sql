-- What a log-in looks at, and what its owner is told.

-- One row for an active user: who it is, whether the log-in comes from a source that they have
-- logged in from, and whether it is the first one. No row for anybody else. Who signed up longer
-- ago than sessions are kept (core.retention_sweep) has been here before.
create or replace function core.login_person(_user_id bigint, _client_ip inet)
returns table (public_id uuid, is_known_place boolean, is_first boolean)
language sql stable parallel safe
as $$
    select
        person.public_id,
        core.session_knows(person.id, _client_ip),
        person.created_at > now() - interval '90 days'
            and not exists (select from data.login_sessions where user_id = person.id)
    from data.users as person
    where person.id = _user_id and person.is_active;
$$;

-- Tells a user of a log-in from a place that is new; more than five an hour are left out. They are
-- counted for themselves: what strangers can have mailed to the address does not hide a log-in.
-- Returns the key of the message, or null.
create or replace function core.login_tell(
    _user_id bigint, _email text, _client_ip inet, _user_agent text
)
returns bigint
language plpgsql
as $$
begin
    if core.attempt_take('mail_address', 'new_login ' || core.email_folded(_email)) > 0 then
        return null;
    end if;
    return core.message_add(
        _user_id, 'mail', core.email_folded(_email), 'new_login',
        jsonb_build_object(
            'client_ip', coalesce(host(_client_ip), 'unknown'),
            'user_agent', coalesce(nullif(_user_agent, ''), 'unknown')
        )
    );
end;
$$;

-- True when the session that asks is live now, whatever the service still remembers of it. Holds
-- the user: who ends sessions and what they made waits, or has done so. Errors: PT401 it has ended.
create or replace function core.login_check(_user_id bigint, _token_hash bytea)
returns boolean
language plpgsql
as $$
begin
    perform core.user_hold(_user_id);
    if not exists (select from core.session_caller(_user_id, _token_hash)) then
        raise exception 'This session has ended: log in again' using errcode = 'PT401';
    end if;
    return true;
end;
$$;
