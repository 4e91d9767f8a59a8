-- Sessions: who speaks for whom. Only the SHA-256 of a token is ever here; the clock is the
-- database's.

-- How long a log-in lives without being used (NIST 800-63B AAL2 and OWASP; docs/identity.md).
create or replace function core.session_idle()
returns interval
language sql immutable parallel safe
as $$
    select interval '1 hour';
$$;

-- How long a log-in lives however much it is used.
create or replace function core.session_life()
returns interval
language sql immutable parallel safe
as $$
    select interval '12 hours';
$$;

-- True once a session or key was last seen so long ago that it is worth a write.
create or replace function core.session_is_due(_last_at timestamptz)
returns boolean
language sql stable parallel safe
as $$
    select coalesce(_last_at < now() - interval '1 minute', true);
$$;

-- The id of a new session of _user_id that ends after _lives, used or not.
-- Errors: 23503 no such user, 23514 a hash that has not 32 bytes or a life that is not positive.
create or replace function core.session_issue(_user_id bigint, _token_hash bytea, _lives interval)
returns bigint
language sql
as $$
    insert into data.login_sessions (user_id, token_hash, expires_at)
    values (_user_id, _token_hash, now() + _lives)
    returning id;
$$;

-- Logs a user in: one row, with the token that is never seen again.
create or replace function core.session_start(
    _user_id bigint, _is_cookie boolean, _client_ip inet, _user_agent text
)
returns table (token text, expires_at timestamptz, idle_expires_at timestamptz)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_token constant text := core.secret_token(_user_id);
begin
    return query
    insert into data.login_sessions (
        user_id, token_hash, is_cookie, client_ip, user_agent, expires_at, idle_expires_at
    )
    values (
        _user_id, core.secret_hash(v_token), _is_cookie, _client_ip, left(_user_agent, 500),
        now() + core.session_life(), now() + core.session_idle()
    )
    returning v_token, expires_at, idle_expires_at;
end;
$$;

-- True when a live session ended now; false when there was none.
create or replace function core.session_revoke(_user_id bigint, _token_hash bytea)
returns boolean
language sql
as $$
    with ended as (
        update data.login_sessions
        set revoked_at = now()
        where user_id = _user_id
          and token_hash = _token_hash
          and revoked_at is null
          and expires_at > now()
        returning id
    )
    select exists (select from ended);
$$;

-- Ends all live sessions of a user but the one with the hash _but; returns how many.
create or replace function core.session_clear(_user_id bigint, _but bytea default null)
returns integer
language sql
as $$
    with ended as (
        update data.login_sessions
        set revoked_at = now()
        where user_id = _user_id
          and revoked_at is null
          and expires_at > now()
          and token_hash is distinct from _but
        returning id
    )
    select count(*)::integer from ended;
$$;

-- Ends one session by its id, or null when there is no live one.
create or replace function core.session_end(_user_id bigint, _session_id bigint)
returns bigint
language sql
as $$
    update data.login_sessions
    set revoked_at = now()
    where user_id = _user_id
      and id = _session_id
      and revoked_at is null
      and expires_at > now()
    returning id;
$$;

-- Notes that a session is in use, which moves its idle end; true when it was live.
create or replace function core.session_touch(_user_id bigint, _token_hash bytea)
returns boolean
language sql
as $$
    with seen as (
        update data.login_sessions
        set last_seen_at = now(),
            -- Null stays null: a session without an idle end gets none.
            idle_expires_at = case
                when idle_expires_at is not null then least(expires_at, now() + core.session_idle())
            end
        where user_id = _user_id
          and token_hash = _token_hash
          and revoked_at is null
          and expires_at > now()
          and (idle_expires_at is null or idle_expires_at > now())
        returning id
    )
    select exists (select from seen);
$$;

-- The active user whom a live session speaks for: one row or none.
create or replace function core.session_caller(_user_id bigint, _token_hash bytea)
returns table (id bigint, public_id uuid, tier text, role text, is_cookie boolean, is_due boolean)
language sql stable parallel safe
as $$
    select
        person.id,
        person.public_id,
        person.tier,
        person.role,
        session.is_cookie,
        core.session_is_due(session.last_seen_at)
    from data.login_sessions as session
    inner join data.users as person on person.id = session.user_id
    where session.user_id = _user_id
      and session.token_hash = _token_hash
      and session.revoked_at is null
      and session.expires_at > now()
      and (session.idle_expires_at is null or session.idle_expires_at > now())
      and person.is_active;
$$;

-- True when the user has logged in from this source within 90 days: their own place, most likely.
create or replace function core.session_knows(_user_id bigint, _client_ip inet)
returns boolean
language sql stable parallel safe
as $$
    select exists (
        select from data.login_sessions
        where user_id = _user_id
          and core.source_text(client_ip) = core.source_text(_client_ip)
          and created_at > now() - interval '90 days'
    );
$$;

-- Live sessions of a user, newest first, those before _before.
create or replace function core.session_rows(
    _user_id bigint, _session_hash bytea, _before bigint, _limit integer
)
returns table (
    id bigint,
    is_current boolean,
    is_cookie boolean,
    client_ip text,
    user_agent text,
    created_at timestamptz,
    last_seen_at timestamptz,
    expires_at timestamptz
)
language sql stable parallel safe
as $$
    select
        session.id,
        session.token_hash is not distinct from _session_hash,
        session.is_cookie,
        host(session.client_ip),
        session.user_agent,
        session.created_at,
        session.last_seen_at,
        least(session.expires_at, session.idle_expires_at)
    from data.login_sessions as session
    where session.user_id = _user_id
      and session.revoked_at is null
      and session.expires_at > now()
      and (session.idle_expires_at is null or session.idle_expires_at > now())
      and (_before is null or session.id < _before)
    order by session.id desc
    limit _limit;
$$;
