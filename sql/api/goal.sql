-- Goals of one owner. The shells are plpgsql, so that their plans are kept on 16 as well.

-- A page of goals by key.
create or replace function api.goal_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(goal) order by goal.id),
            array_agg(core.cursor_text(goal.id) order by goal.id),
            _limit
        )
        from core.goal_page(
            _user_id, coalesce(core.cursor_id(_cursor), 0), _limit + 1
        ) as goal
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/financial-goals', 'api.goal_list',
    summary => 'Goals, oldest first',
    scope => 'forecast',
    answer => core.shape_page(core.goal_shape())
);

create or replace function api.goal_read(_user_id bigint, _financial_goal_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('financial goal', core.goal_json(_user_id, _financial_goal_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/financial-goals/{financial_goal_id}', 'api.goal_read',
    summary => 'One goal',
    scope => 'forecast',
    answer => core.goal_shape()
);

create or replace function api.goal_add(
    _user_id bigint,
    _name api.label,
    _target_amount api.money,
    _target_on api.day default null,
    _saved api.money default null,
    _account_id api.key default null,
    _currency api.currency default null,
    _monthly api.money default 0,
    _next_on api.day default null,
    _priority api.priority default 1
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.aim_add(
        _user_id, _name, _target_amount, _target_on, _saved, _account_id, _currency,
        coalesce(_monthly, 0), _next_on, coalesce(_priority, 1)
    );
begin
    return core.goal_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/financial-goals', 'api.goal_add',
    summary => 'Add a goal: an amount, perhaps a day, and what is put aside for it',
    status => 201,
    tags => '{goals}',
    fields => '{
        "target_amount": {"minimum": 0.01, "maximum": 1000000000},
        "target_on": {"description": "Day by which it is to be there"},
        "saved": {
            "minimum": 0, "maximum": 1000000000,
            "description": "What is there already; without it, nothing or what an account says"
        },
        "account_id": {"description": "Account whose balance says what is saved"},
        "monthly": {
            "minimum": 0, "maximum": 1000000000, "description": "What is put aside each month"
        },
        "next_on": {
            "description": "A day on which it is put aside; the first of next month if absent"
        }
    }',
    answer => core.goal_shape()
);

create or replace function api.goal_edit(
    _user_id bigint,
    _financial_goal_id api.key,
    _body jsonb,
    _name api.label default null,
    _target_amount api.money default null,
    _target_on api.day default null,
    _saved api.money default null,
    _account_id api.key default null,
    _currency api.currency default null,
    _monthly api.money default null,
    _next_on api.day default null,
    _priority api.priority default null,
    _is_active boolean default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.aim_edit(_user_id, _financial_goal_id, _body, _if_match);
begin
    return core.goal_json(_user_id, v_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/financial-goals/{financial_goal_id}', 'api.goal_edit',
    summary => 'Edit a goal: absent fields stay',
    tags => '{goals}',
    fields => '{
        "target_amount": {"minimum": 0.01, "maximum": 1000000000},
        "saved": {"minimum": 0, "maximum": 1000000000},
        "monthly": {"minimum": 0, "maximum": 1000000000}
    }',
    answer => core.goal_shape()
);

create or replace function api.goal_drop(
    _user_id bigint, _financial_goal_id api.key, _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.aim_drop(_user_id, _financial_goal_id, _if_match), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/financial-goals/{financial_goal_id}', 'api.goal_drop',
    summary => 'Drop a goal with its contributions; the money stays where it is',
    tags => '{goals}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
