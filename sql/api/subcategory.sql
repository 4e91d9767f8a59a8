-- Subcategories of one owner: what a booking was for.

create or replace function api.subcategory_read(_user_id bigint, _subcategory_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('subcategory', core.subcategory_json(_user_id, _subcategory_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/subcategories/{subcategory_id}', 'api.subcategory_read',
    summary => 'One subcategory with its category',
    scope => 'transactions',
    answer => core.subcategory_shape()
);

create or replace function api.subcategory_add(
    _user_id bigint, _category_id api.key, _name api.label
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.subcategory_add(_user_id, _category_id, _name);
begin
    return core.subcategory_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/categories/{category_id}/subcategories', 'api.subcategory_add',
    summary => 'Add a subcategory; its name stands once in the category, in any case',
    status => 201,
    tags => '{categories}',
    answer => core.subcategory_shape()
);

create or replace function api.subcategory_edit(
    _user_id bigint,
    _subcategory_id api.key,
    _body jsonb,
    _name api.label default null,
    _category_id api.key default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.subcategory_edit(
        _user_id, _subcategory_id, _body, _name, _category_id, _if_match
    );
begin
    return core.subcategory_json(_user_id, v_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/subcategories/{subcategory_id}', 'api.subcategory_edit',
    summary => 'Rename a subcategory or move it to another category',
    tags => '{categories,transactions}',
    answer => core.subcategory_shape()
);

create or replace function api.subcategory_drop(
    _user_id bigint,
    _subcategory_id api.key,
    _move_to api.key default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.subcategory_drop(_user_id, _subcategory_id, _move_to, _if_match),
        'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/subcategories/{subcategory_id}', 'api.subcategory_drop',
    summary => 'Drop a subcategory; what is filed under it goes to move_to',
    tags => '{categories,transactions,recurring,forecast}',
    is_fast => false,
    timeout_ms => 20000,
    fields => '{"move_to": {"description": "Subcategory that takes what is filed under it"}}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
