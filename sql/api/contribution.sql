-- What was put into a goal.

-- A page of contributions, newest first. Errors: PT404 no such goal.
create or replace function api.contribution_list(
    _user_id bigint,
    _financial_goal_id api.key,
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform
        core.cursor_check(_cursor),
        core.check_found('financial goal', core.goal_json(_user_id, _financial_goal_id));
    return (
        select core.page_json(
            array_agg(to_json(item) order by item.contributed_on desc, item.id desc),
            array_agg(
                core.cursor_text(item.id, item.contributed_on)
                order by item.contributed_on desc, item.id desc
            ),
            _limit
        )
        from core.contribution_page(
            _user_id,
            _financial_goal_id,
            coalesce(core.cursor_day(_cursor), 'infinity'),
            coalesce(core.cursor_id(_cursor), 0),
            _limit + 1
        ) as item
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/financial-goals/{financial_goal_id}/contributions',
    'api.contribution_list',
    summary => 'What was put into a goal and taken out, newest first',
    scope => 'forecast',
    answer => core.shape_page(core.contribution_shape())
);

create or replace function api.contribution_add(
    _user_id bigint,
    _financial_goal_id api.key,
    _amount api.money,
    _contributed_on api.day default null,
    _note api.note default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.contribution_add(
        _user_id, _financial_goal_id, _amount, _contributed_on, _note
    );
begin
    return core.contribution_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/financial-goals/{financial_goal_id}/contributions',
    'api.contribution_add',
    summary => 'Put an amount into a goal, or take it out with a minus: saved moves with it',
    status => 201,
    tags => '{goals}',
    fields => '{
        "amount": {"minimum": -1000000000, "maximum": 1000000000},
        "contributed_on": {"description": "Your today if absent"}
    }',
    answer => core.contribution_shape()
);

create or replace function api.contribution_drop(_user_id bigint, _contribution_id api.key)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.contribution_drop(_user_id, _contribution_id), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/goal-contributions/{contribution_id}', 'api.contribution_drop',
    summary => 'Take a contribution back: saved moves back',
    tags => '{goals}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
