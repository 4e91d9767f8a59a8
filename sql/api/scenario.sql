-- What if: changes to the schedule that are compared and saved, and never carried out.
-- The shells are plpgsql, so that their plans are kept on 16 as well. The typed parameters stand
-- for the schema of the wire; what is kept is the body itself, because only it can tell an absent
-- field from a null.

create or replace function api.scenario_compare(
    _user_id bigint,
    _body jsonb,
    _as_of api.day default null,
    _days api.horizon_days default 365,
    _account_id api.key default null,
    _overdue api.overdue default 'first_day',
    _fields text default null,
    _scenario_ids api.scenario_keys default null,
    _added jsonb default null,
    _changed jsonb default null,
    _removed jsonb default null,
    _paused jsonb default null,
    _purchases jsonb default null,
    _goals jsonb default null,
    _balance api.money default null
)
returns json
language plpgsql stable
set plan_cache_mode = 'force_generic_plan'
as $$
declare
    v_fields constant text[] := coalesce(
        string_to_array(replace(_fields, ' ', ''), ','), core.compare_fields()
    );
begin
    if not v_fields <@ core.compare_fields() then
        raise exception 'fields are some of %', array_to_string(core.compare_fields(), ', ')
            using errcode = 'PT422', column = 'fields';
    end if;
    return core.compare_json(
        _user_id, _as_of, coalesce(_days, 365), _account_id, coalesce(_overdue, 'first_day'),
        _scenario_ids, nullif(core.scenario_kept(_body), '{}'), v_fields
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/forecast/compare', 'api.scenario_compare',
    summary => 'What if: the forecast beside itself with changes; nothing is written',
    timeout_ms => 5000,
    is_fast => false,
    fields => core.draw_fields() || '{
        "as_of": {"description": "What was booked up to this day is known; your today if absent"},
        "account_id": {"description": "This account alone"},
        "fields": {
            "description": "Columns that you want, with commas between; all if absent",
            "examples": ["date,difference"],
            "maxLength": 200,
            "pattern": "^[a-z_0-9]+( *, *[a-z_0-9]+)*$"
        }
    }',
    answer => core.draw_compare()
);

-- A page of scenarios by key.
create or replace function api.scenario_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(
                core.scenario_said(
                    page.version, page.id, page.name, page.changes, page.created_at,
                    page.updated_at
                )
                order by page.id
            ),
            array_agg(core.cursor_text(page.id) order by page.id),
            _limit
        )
        from core.scenario_page(
            _user_id, coalesce(core.cursor_id(_cursor), 0), _limit + 1
        ) as page
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/scenarios', 'api.scenario_list',
    summary => 'Scenarios that are saved, oldest first',
    scope => 'forecast',
    answer => core.shape_page(core.draw_scenario())
);

create or replace function api.scenario_read(_user_id bigint, _scenario_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('scenario', core.scenario_json(_user_id, _scenario_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/scenarios/{scenario_id}', 'api.scenario_read',
    summary => 'One scenario with its changes',
    scope => 'forecast',
    answer => core.draw_scenario()
);

create or replace function api.scenario_add(
    _user_id bigint,
    _body jsonb,
    _name api.label,
    _added jsonb default null,
    _changed jsonb default null,
    _removed jsonb default null,
    _paused jsonb default null,
    _purchases jsonb default null,
    _goals jsonb default null,
    _balance api.money default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.scenario_add(_user_id, _name, core.scenario_kept(_body));
begin
    return core.scenario_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/scenarios', 'api.scenario_add',
    summary => 'Save changes to the schedule by name, without making them',
    status => 201,
    tags => '{scenarios}',
    fields => core.draw_fields(),
    answer => core.draw_scenario()
);

create or replace function api.scenario_edit(
    _user_id bigint,
    _scenario_id api.key,
    _body jsonb,
    _name api.label default null,
    _added jsonb default null,
    _changed jsonb default null,
    _removed jsonb default null,
    _paused jsonb default null,
    _purchases jsonb default null,
    _goals jsonb default null,
    _balance api.money default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.scenario_edit(_user_id, _scenario_id, _name, _body, _if_match);
begin
    perform core.check_kept(_body, '{name}');
    return core.scenario_json(_user_id, v_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/scenarios/{scenario_id}', 'api.scenario_edit',
    summary => 'Edit a scenario: absent lists stay, null clears, a list stands for the whole',
    tags => '{scenarios}',
    fields => core.draw_fields(),
    answer => core.draw_scenario()
);

create or replace function api.scenario_drop(
    _user_id bigint, _scenario_id api.key, _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.scenario_drop(_user_id, _scenario_id, _if_match), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/scenarios/{scenario_id}', 'api.scenario_drop',
    summary => 'Drop a scenario',
    tags => '{scenarios}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
