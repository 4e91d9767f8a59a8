-- Access grants: what an owner lets a coach read, and for how long. A grant is for an address:
-- whether anybody has it, the owner is not told.

-- Grants a coach's address some scopes; returns the key. Errors: PT422 with expires_at or email.
create or replace function core.grant_add(
    _user_id bigint, _email text, _scopes text[], _expires_at timestamptz
)
returns bigint
language plpgsql
as $$
declare
    v_email constant text := core.email_folded(_email);
    v_id bigint;
begin
    perform core.user_hold(_user_id);
    perform core.check_rule(
        'expires_at', _expires_at is null or _expires_at > now(), 'expires_at is over already'
    );
    perform core.check_rule(
        'email',
        not exists (select from core.email_row(_user_id) as own where own.email = v_email),
        'This is your own address'
    );
    insert into data.access_grants (user_id, coach_email, scopes, expires_at)
    values (
        _user_id, v_email, array(select distinct unnest(_scopes) order by 1), _expires_at
    )
    returning id into v_id;
    insert into data.client_addresses (coach_email, public_id, user_id)
    select v_email, person.public_id, person.id from data.users as person where id = _user_id
    on conflict (coach_email, public_id) do nothing;
    return v_id;
end;
$$;

-- Live grants of an owner, newest first, those before _before; _id narrows it to one.
create or replace function core.grant_rows(
    _user_id bigint, _before bigint, _limit integer, _id bigint default null
)
returns table (
    id bigint, email text, scopes text[], created_at timestamptz, expires_at timestamptz
)
language sql stable parallel safe
as $$
    select item.id, item.coach_email, item.scopes, item.created_at, item.expires_at
    from data.access_grants as item
    where item.user_id = _user_id
      and item.revoked_at is null
      and (item.expires_at is null or item.expires_at > now())
      and (_before is null or item.id < _before)
      and (_id is null or item.id = _id)
    order by item.id desc
    limit _limit;
$$;

-- What api functions say of a grant, in the words of api.route.
create or replace function core.grant_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "id": "integer",
        "email": "text",
        "scopes": ["text"],
        "created_at": "timestamp",
        "expires_at": "timestamp?"
    }'::jsonb;
$$;

-- Takes a grant back; returns its key, or null when there is no live one. The address stays
-- findable while another grant is for it.
create or replace function core.grant_end(_user_id bigint, _grant_id bigint)
returns bigint
language plpgsql
as $$
declare
    v_email text;
begin
    perform core.user_hold(_user_id);
    update data.access_grants
    set revoked_at = now()
    where user_id = _user_id and id = _grant_id and revoked_at is null
    returning coach_email into v_email;
    if v_email is null then
        return null;
    end if;
    delete from data.client_addresses as known
    where known.user_id = _user_id
      and known.coach_email = v_email
      and not exists (
          select from data.access_grants
          where user_id = _user_id and coach_email = v_email and revoked_at is null
      );
    return _grant_id;
end;
$$;

-- Takes all grants of an owner back.
create or replace function core.grant_clear(_user_id bigint)
returns void
language sql
as $$
    update data.access_grants
    set revoked_at = now()
    where user_id = _user_id and revoked_at is null;

    delete from data.client_addresses where user_id = _user_id;
$$;

-- The address that a coach is granted things by: proved, of an active coach; else null.
create or replace function core.grant_address(_coach_id bigint)
returns text
language sql stable parallel safe
as $$
    select address.email
    from data.user_emails as address
    inner join data.users as person on person.id = address.user_id
    where address.user_id = _coach_id
      and address.verified_at is not null
      and person.role = 'coach'
      and person.is_active;
$$;

-- True when the owner's live grants for an address name the scope, and the owner is active.
create or replace function core.grant_covers(_user_id bigint, _email text, _scope text)
returns boolean
language sql stable parallel safe
as $$
    select exists (
        select
        from data.access_grants as item
        inner join data.users as person on person.id = item.user_id
        where item.user_id = _user_id
          and item.coach_email = _email
          and _scope = any (item.scopes)
          and item.revoked_at is null
          and (item.expires_at is null or item.expires_at > now())
          and person.is_active
    );
$$;

-- The user whose public id this is, when a grant of theirs lets _caller_id read _scope; else null.
-- The transaction goes on as nobody but that user: the grant is theirs.
create or replace function core.grant_owner(_caller_id bigint, _public_id uuid, _scope text)
returns bigint
language plpgsql
as $$
declare
    v_email constant text := core.grant_address(_caller_id);
    v_user_id bigint;
begin
    select known.user_id into v_user_id
    from data.client_addresses as known
    where known.coach_email = v_email and known.public_id = _public_id;
    perform core.identity_take(v_user_id);
    if core.grant_covers(v_user_id, v_email, _scope) then
        return v_user_id;
    end if;
    return null;
end;
$$;
call core.identity_taker(
    'core.grant_owner(bigint, uuid, text)', 'a grant is a row of the owner, and a coach asks for it'
);
