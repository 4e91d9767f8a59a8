-- Income sources of one owner. The shells are plpgsql, so that their plans are kept on 16 as well.

-- A page of sources by key; next_on as of the owner's today.
create or replace function api.income_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(source) order by source.id),
            array_agg(core.cursor_text(source.id) order by source.id),
            _limit
        )
        from core.income_page(
            _user_id,
            core.user_today(_user_id),
            coalesce(core.cursor_id(_cursor), 0),
            _limit + 1
        ) as source
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/income-sources', 'api.income_list',
    summary => 'Income sources, oldest first',
    scope => 'transactions',
    answer => core.shape_page(core.income_shape())
);

create or replace function api.income_read(_user_id bigint, _income_source_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('income source', core.income_json(_user_id, _income_source_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/income-sources/{income_source_id}', 'api.income_read',
    summary => 'One income source',
    scope => 'transactions',
    answer => core.income_shape()
);

create or replace function api.income_add(
    _user_id bigint,
    _name api.label,
    _recurring_item_id api.key default null,
    _account_id api.key default null,
    _amount api.money default null,
    _frequency api.frequency default null,
    _next_on api.day default null,
    _is_active boolean default true
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.origin_add(
        _user_id, _name, _recurring_item_id, _account_id, _amount, _frequency, _next_on,
        coalesce(_is_active, true)
    );
begin
    return core.income_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/income-sources', 'api.income_add',
    summary => 'Add an income source: a recurring item, or an amount with a rhythm of its own',
    status => 201,
    tags => '{budgets}',
    fields => '{
        "recurring_item_id": {"description": "The income it stands for, which says all but name"},
        "amount": {"minimum": 0.01, "maximum": 1000000000},
        "next_on": {"description": "A day on which it comes; later ones are counted from it"}
    }',
    answer => core.income_shape()
);

create or replace function api.income_edit(
    _user_id bigint,
    _income_source_id api.key,
    _body jsonb,
    _name api.label default null,
    _account_id api.key default null,
    _amount api.money default null,
    _frequency api.frequency default null,
    _next_on api.day default null,
    _is_active boolean default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.origin_edit(_user_id, _income_source_id, _body, _if_match);
begin
    return core.income_json(_user_id, v_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/income-sources/{income_source_id}', 'api.income_edit',
    summary => 'Edit an income source: absent fields stay',
    tags => '{budgets}',
    fields => '{"amount": {"minimum": 0.01, "maximum": 1000000000}}',
    answer => core.income_shape()
);

create or replace function api.income_drop(
    _user_id bigint, _income_source_id api.key, _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.origin_drop(_user_id, _income_source_id, _if_match), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/income-sources/{income_source_id}', 'api.income_drop',
    summary => 'Drop an income source; a recurring item that it stood for is expected again',
    tags => '{budgets}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
