-- API keys: tokens that a user gives to a program. Shown once, kept as SHA-256.

-- Makes a key; one row, with the token that is never seen again. Errors: PT422 a life that is over,
-- PT409 more than 50 live keys.
create or replace function core.key_add(
    _user_id bigint, _name text, _is_read_only boolean, _expires_at timestamptz
)
returns table (id bigint, token text)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_token constant text := core.secret_token(_user_id);
begin
    perform core.user_hold(_user_id);
    perform core.check_rule(
        'expires_at', _expires_at is null or _expires_at > now(), 'expires_at is over already'
    );
    if (
        select count(*) from data.api_keys
        where user_id = _user_id and revoked_at is null
          and (expires_at is null or expires_at > now())
    ) >= 50 then
        raise exception 'There are 50 live keys: revoke one first'
            using errcode = 'PT409', hint = 'too_many_keys';
    end if;
    return query
    insert into data.api_keys (user_id, name, token_hash, hint, is_read_only, expires_at)
    values (
        _user_id, _name, core.secret_hash(v_token), right(v_token, 4), _is_read_only, _expires_at
    )
    returning id, v_token;
end;
$$;

-- Live keys of a user, newest first, those before _before; _id narrows it to one.
create or replace function core.key_rows(
    _user_id bigint, _before bigint, _limit integer, _id bigint default null
)
returns table (
    id bigint,
    name text,
    hint text,
    is_read_only boolean,
    created_at timestamptz,
    last_used_at timestamptz,
    expires_at timestamptz
)
language sql stable parallel safe
as $$
    select
        key.id, key.name, key.hint, key.is_read_only, key.created_at, key.last_used_at,
        key.expires_at
    from data.api_keys as key
    where key.user_id = _user_id
      and key.revoked_at is null
      and (key.expires_at is null or key.expires_at > now())
      and (_before is null or key.id < _before)
      and (_id is null or key.id = _id)
    order by key.id desc
    limit _limit;
$$;

-- What api functions say of a key, in the words of api.route.
create or replace function core.key_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "id": "integer",
        "name": "text",
        "hint": "text",
        "is_read_only": "boolean",
        "created_at": "timestamp",
        "last_used_at": "timestamp?",
        "expires_at": "timestamp?"
    }'::jsonb;
$$;

-- The active user whom a live key speaks for: one row or none.
create or replace function core.key_caller(_user_id bigint, _token_hash bytea)
returns table (
    id bigint, public_id uuid, tier text, role text, is_read_only boolean, is_due boolean
)
language sql stable parallel safe
as $$
    select
        person.id,
        person.public_id,
        person.tier,
        person.role,
        key.is_read_only,
        core.session_is_due(key.last_used_at)
    from data.api_keys as key
    inner join data.users as person on person.id = key.user_id
    where key.user_id = _user_id
      and key.token_hash = _token_hash
      and key.revoked_at is null
      and (key.expires_at is null or key.expires_at > now())
      and person.is_active;
$$;

-- Notes that a key is in use; true when it was live.
create or replace function core.key_touch(_user_id bigint, _token_hash bytea)
returns boolean
language sql
as $$
    with seen as (
        update data.api_keys
        set last_used_at = now()
        where user_id = _user_id
          and token_hash = _token_hash
          and revoked_at is null
          and (expires_at is null or expires_at > now())
        returning id
    )
    select exists (select from seen);
$$;

-- Ends a key, or null when there is no live one of that id.
create or replace function core.key_end(_user_id bigint, _key_id bigint)
returns bigint
language sql
as $$
    update data.api_keys
    set revoked_at = now()
    where user_id = _user_id and id = _key_id and revoked_at is null
    returning id;
$$;

-- Ends all keys of a user; returns how many.
create or replace function core.key_clear(_user_id bigint)
returns integer
language sql
as $$
    with ended as (
        update data.api_keys
        set revoked_at = now()
        where user_id = _user_id and revoked_at is null
        returning id
    )
    select count(*)::integer from ended;
$$;
