-- Budgets of one owner. The shells are plpgsql, so that their plans are kept on 16 as well.

-- A page of budgets, newest first.
create or replace function api.budget_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(budget) order by budget.id desc),
            array_agg(core.cursor_text(budget.id) order by budget.id desc),
            _limit
        )
        from core.budget_page(
            _user_id, coalesce(core.cursor_id(_cursor), 9223372036854775807), _limit + 1
        ) as budget
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/budgets', 'api.budget_list',
    summary => 'Budgets, newest first',
    scope => 'transactions',
    answer => core.shape_page(core.budget_shape())
);

create or replace function api.budget_read(_user_id bigint, _budget_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('budget', core.budget_json(_user_id, _budget_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/budgets/{budget_id}', 'api.budget_read',
    summary => 'One budget, without its envelopes',
    scope => 'transactions',
    answer => core.budget_shape()
);

create or replace function api.budget_add(
    _user_id bigint,
    _budget_period_id api.key,
    _name api.label,
    _currency api.currency default null,
    _carry_rule api.carry_rule default 'left'
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.budget_add(
        _user_id, _budget_period_id, _name, _currency, coalesce(_carry_rule, 'left')
    );
begin
    return core.budget_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/budgets', 'api.budget_add',
    summary => 'Make a budget for a period: one for each currency',
    status => 201,
    tags => '{budgets}',
    answer => core.budget_shape()
);

create or replace function api.budget_edit(
    _user_id bigint,
    _budget_id api.key,
    _body jsonb,
    _name api.label default null,
    _carry_rule api.carry_rule default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.budget_edit(
        _user_id, _budget_id, _body, _name, _carry_rule, _if_match
    );
begin
    return core.budget_json(_user_id, v_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/budgets/{budget_id}', 'api.budget_edit',
    summary => 'Edit a budget: absent fields stay',
    tags => '{budgets}',
    answer => core.budget_shape()
);

create or replace function api.budget_drop(
    _user_id bigint, _budget_id api.key, _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.budget_drop(_user_id, _budget_id, _if_match), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/budgets/{budget_id}', 'api.budget_drop',
    summary => 'Drop a budget with its allocations, the last of its chain alone',
    tags => '{budgets}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
