-- Budget periods of one owner. The shells are plpgsql, so that their plans are kept on 16 as well.

-- A page of periods, the last to start first.
create or replace function api.period_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(period) order by period.starts_on desc, period.id desc),
            array_agg(
                core.cursor_text(period.id, period.starts_on)
                order by period.starts_on desc, period.id desc
            ),
            _limit
        )
        from core.period_page(
            _user_id,
            coalesce(core.cursor_day(_cursor), 'infinity'),
            coalesce(core.cursor_id(_cursor), 0),
            _limit + 1
        ) as period
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/budget-periods', 'api.period_list',
    summary => 'Budget periods, the last to start first',
    scope => 'transactions',
    answer => core.shape_page(core.period_shape())
);

create or replace function api.period_read(_user_id bigint, _budget_period_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('budget period', core.period_json(_user_id, _budget_period_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/budget-periods/{budget_period_id}', 'api.period_read',
    summary => 'One budget period',
    scope => 'transactions',
    answer => core.period_shape()
);

create or replace function api.period_add(
    _user_id bigint,
    _kind api.period_kind,
    _starts_on api.day,
    _ends_on api.day default null,
    _is_active boolean default true
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.period_add(
        _user_id, _kind, _starts_on, _ends_on, coalesce(_is_active, true)
    );
begin
    return core.period_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/budget-periods', 'api.period_add',
    summary => 'Add a budget period: no two active ones overlap',
    status => 201,
    tags => '{budgets}',
    fields => '{
        "starts_on": {"description": "First day, the 1st to the 28th unless custom"},
        "ends_on": {"description": "Last day; a custom period needs it, others know it"}
    }',
    answer => core.period_shape()
);

create or replace function api.period_edit(
    _user_id bigint,
    _budget_period_id api.key,
    _body jsonb,
    _kind api.period_kind default null,
    _starts_on api.day default null,
    _ends_on api.day default null,
    _is_active boolean default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.period_edit(_user_id, _budget_period_id, _body, _if_match);
begin
    return core.period_json(_user_id, v_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/budget-periods/{budget_period_id}', 'api.period_edit',
    summary => 'Edit a budget period: absent fields stay, the end follows the start',
    tags => '{budgets}',
    answer => core.period_shape()
);

create or replace function api.period_drop(
    _user_id bigint, _budget_period_id api.key, _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.period_drop(_user_id, _budget_period_id, _if_match), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/budget-periods/{budget_period_id}', 'api.period_drop',
    summary => 'Drop a budget period that has no budget',
    tags => '{budgets}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
