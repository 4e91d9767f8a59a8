-- Sessions: who speaks for whom. Only the SHA-256 of a token is ever here; the clock is the
-- database's.

-- The id of a new session of _user_id that ends after _lives.
-- Errors: 23503 no such user, 23514 a hash that has not 32 bytes or a life that is not positive.
create or replace function core.session_issue(_user_id bigint, _token_hash bytea, _lives interval)
returns bigint
language sql
as $$
    insert into data.login_sessions (user_id, token_hash, expires_at)
    values (_user_id, _token_hash, now() + _lives)
    returning id;
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

-- The active user whom a live session speaks for: one row or none.
create or replace function core.session_caller(_user_id bigint, _token_hash bytea)
returns table (id bigint, public_id uuid, tier text, role text)
language sql stable parallel safe
as $$
    select person.id, person.public_id, person.tier, person.role
    from data.login_sessions as session
    inner join data.users as person on person.id = session.user_id
    where session.user_id = _user_id
      and session.token_hash = _token_hash
      and session.revoked_at is null
      and session.expires_at > now()
      and person.is_active;
$$;
