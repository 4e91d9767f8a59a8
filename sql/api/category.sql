-- Categories of one owner. The shells are plpgsql, so that their plans are kept on 16 as well.

-- A page of categories by key, each with all of its subcategories.
create or replace function api.category_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(category) order by category.id),
            array_agg(core.cursor_text(category.id) order by category.id),
            _limit
        )
        from core.category_rows(
            _user_id, coalesce(core.cursor_id(_cursor), 0), _limit + 1
        ) as category
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/categories', 'api.category_list',
    summary => 'Categories with their subcategories',
    scope => 'transactions',
    answer => core.shape_page(core.group_shape())
);

create or replace function api.category_read(_user_id bigint, _category_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('category', core.group_json(_user_id, _category_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/categories/{category_id}', 'api.category_read',
    summary => 'One category with its subcategories',
    scope => 'transactions',
    answer => core.group_shape()
);

create or replace function api.category_add(_user_id bigint, _name api.label)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.group_add(_user_id, _name);
begin
    return core.group_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/categories', 'api.category_add',
    summary => 'Add a category; its name stands once, in any case',
    status => 201,
    tags => '{categories}',
    answer => core.group_shape()
);

create or replace function api.category_edit(
    _user_id bigint,
    _category_id api.key,
    _body jsonb,
    _name api.label default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.group_edit(_user_id, _category_id, _body, _name, _if_match);
begin
    return core.group_json(_user_id, v_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/categories/{category_id}', 'api.category_edit',
    summary => 'Rename a category',
    tags => '{categories,transactions}',
    answer => core.group_shape()
);

create or replace function api.category_drop(
    _user_id bigint,
    _category_id api.key,
    _move_to api.key default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.group_drop(_user_id, _category_id, _move_to, _if_match), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/categories/{category_id}', 'api.category_drop',
    summary => 'Drop a category with its subcategories; what is filed there goes to move_to',
    tags => '{categories,transactions,recurring,forecast}',
    is_fast => false,
    timeout_ms => 20000,
    fields => '{"move_to": {"description": "Subcategory that takes what is filed there"}}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
