-- Exceptions of a recurring item: the occurrences that differ from its rule.

-- A page of exceptions by the day of their occurrence. Errors: PT404 no such recurring item.
create or replace function api.exception_list(
    _user_id bigint,
    _recurring_item_id api.key,
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    perform core.item_check(_user_id, _recurring_item_id);
    return (
        select core.page_json(
            array_agg(to_json(exception) order by exception.occurrence_on),
            array_agg(
                core.cursor_text(exception.id, exception.occurrence_on)
                order by exception.occurrence_on
            ),
            _limit
        )
        from core.exception_page(
            _user_id,
            _recurring_item_id,
            coalesce(core.cursor_day(_cursor), '1899-12-31'),
            _limit + 1
        ) as exception
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/recurring-items/{recurring_item_id}/exceptions',
    'api.exception_list',
    summary => 'Exceptions of a recurring item, by day',
    scope => 'recurring',
    answer => core.shape_page(core.exception_shape())
);

create or replace function api.exception_add(
    _user_id bigint,
    _recurring_item_id api.key,
    _occurrence_on api.day,
    _action api.exception_action,
    _moved_to api.day default null,
    _amount api.money default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.exception_add(
        _user_id, _recurring_item_id, _occurrence_on, _action, _moved_to, _amount
    );
begin
    return (
        select to_json(exception)
        from core.exception_page(_user_id, _recurring_item_id, _occurrence_on - 1, 1) as exception
        where exception.id = v_id
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/recurring-items/{recurring_item_id}/exceptions',
    'api.exception_add',
    summary => 'Skip, move or change one occurrence, named by its day before rolling',
    status => 201,
    tags => '{recurring,forecast}',
    fields => '{"amount": {"minimum": -1000000000, "maximum": 1000000000}}',
    answer => core.exception_shape()
);

create or replace function api.exception_drop(
    _user_id bigint, _recurring_item_id api.key, _exception_id api.key
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.exception_drop(_user_id, _recurring_item_id, _exception_id), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/recurring-items/{recurring_item_id}/exceptions/{exception_id}',
    'api.exception_drop',
    summary => 'Drop an exception: the occurrence follows its rule again',
    tags => '{recurring,forecast}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
