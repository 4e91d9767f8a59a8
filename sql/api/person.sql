-- Users, for admins.

create or replace function api.person_read(_public_id uuid)
returns json
language plpgsql stable
as $$
begin
    return core.check_found(
        'user',
        (select to_json(person) from core.person_row(core.person_id(_public_id)) as person)
    );
end;
$$;

call api.route(
    'GET /api/v2/admin/users/{public_id}', 'api.person_read',
    summary => 'One user',
    access => 'admin',
    answer => core.person_shape()
);

create or replace function api.person_find(_email api.email)
returns json
language plpgsql stable
as $$
begin
    return core.check_found(
        'user', (select to_json(person) from core.person_row(core.email_owner(_email)) as person)
    );
end;
$$;

call api.route(
    'GET /api/v2/admin/users', 'api.person_find',
    summary => 'The user with an address',
    access => 'admin',
    answer => core.person_shape()
);

create or replace function api.person_edit(
    _caller_id bigint,
    _public_id uuid,
    _client_ip inet,
    _user_agent text,
    _tier api.tier default null,
    _role api.role default null,
    _is_active boolean default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
declare
    v_by constant uuid := (select admin.id from core.person_row(_caller_id) as admin);
    v_user_id constant bigint := core.person_take(_public_id);
    v_changes jsonb;
begin
    perform core.check_rule(
        'role',
        v_user_id <> _caller_id or (_role is null and _is_active is null),
        'Another admin has to change your own role'
    );
    v_changes := core.person_edit(v_user_id, _tier, _role, _is_active, _if_match);
    perform core.audit_add(
        v_user_id, 'user_changed', _client_ip, _user_agent,
        _event_details => v_changes || jsonb_build_object('by', v_by)
    );
    return (select to_json(person) from core.person_row(v_user_id) as person);
end;
$$;

call api.route(
    'PATCH /api/v2/admin/users/{public_id}', 'api.person_edit',
    summary => 'Set tier, role, or switch a user off, whose sessions end at once',
    access => 'admin',
    needs_login => true,
    answer => core.person_shape()
);
