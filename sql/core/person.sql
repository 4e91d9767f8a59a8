-- Users as an admin sees them: found by public id or address, and set to a tier, a role, or off.

-- The key of a user by public id, or null.
create or replace function core.person_id(_public_id uuid)
returns bigint
language sql stable
as $$
    select id from data.users where public_id = _public_id;
$$;
call core.cross_owner('core.person_id(uuid)', 'an admin names a user by the id that they see');

-- The user by public id, as whom the transaction goes on. Errors: PT404 no such user.
create or replace function core.person_take(_public_id uuid)
returns bigint
language plpgsql
as $$
begin
    return core.identity_take(core.check_found('user', core.person_id(_public_id)));
end;
$$;
call core.identity_taker(
    'core.person_take(uuid)', 'an admin acts on one user at a time, and on that one alone'
);

-- One row: what an admin sees of a user, or none.
create or replace function core.person_row(_user_id bigint)
returns table (
    version integer,
    id uuid,
    email text,
    is_email_verified boolean,
    full_name text,
    tier text,
    role text,
    is_active boolean,
    created_at timestamptz
)
language sql stable
as $$
    select
        person.version, person.public_id, address.email, address.verified_at is not null,
        person.full_name, person.tier, person.role, person.is_active, person.created_at
    from data.users as person
    left join data.user_emails as address on address.user_id = person.id
    where person.id = _user_id;
$$;
call core.cross_owner('core.person_row(bigint)', 'an admin looks at the account of one user');

-- What api functions say of a user to an admin, in the words of api.route.
create or replace function core.person_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "uuid",
        "email": "text?",
        "is_email_verified": "boolean",
        "full_name": "text?",
        "tier": "budget|mid_tier|professional|enterprise",
        "role": "user|coach|admin",
        "is_active": "boolean",
        "created_at": "timestamp"
    }'::jsonb;
$$;

-- Sets what is not null, and ends every session of who is switched off; returns what changed, old
-- and new, as an object. Errors: PT412 another version.
create or replace function core.person_edit(
    _user_id bigint,
    _tier text,
    _role text,
    _is_active boolean,
    _if_match bigint default null
)
returns jsonb
language plpgsql
as $$
declare
    v_before jsonb;
    v_after jsonb;
begin
    select jsonb_build_object('tier', tier, 'role', role, 'is_active', is_active) into v_before
    from data.users
    where id = _user_id
    for update;
    update data.users
    set version = core.version_raised(version, _if_match),
        tier = coalesce(_tier, tier),
        role = coalesce(_role, role),
        is_active = coalesce(_is_active, is_active),
        updated_at = now()
    where id = _user_id
    returning jsonb_build_object('tier', tier, 'role', role, 'is_active', is_active) into v_after;
    if _is_active is false then
        perform core.session_clear(_user_id);
    end if;
    return (
        select coalesce(
            jsonb_object_agg(
                change.key, jsonb_build_object('from', v_before -> change.key, 'to', change.value)
            ),
            '{}'
        )
        from jsonb_each(v_after) as change
        where v_before -> change.key <> change.value
    );
end;
$$;
