-- Recurring items of one owner: the rules behind the forecast.
-- The shells are plpgsql, so that their plans are kept on 16 as well.

-- A page of items by key.
create or replace function api.recurring_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(item) order by item.id),
            array_agg(core.cursor_text(item.id) order by item.id),
            _limit
        )
        from core.item_page(
            _user_id, coalesce(core.cursor_id(_cursor), 0), _limit + 1
        ) as item
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/recurring-items', 'api.recurring_list',
    summary => 'Recurring income, bills and transfers, oldest first',
    scope => 'recurring',
    answer => core.shape_page(core.item_shape())
);

create or replace function api.recurring_read(_user_id bigint, _recurring_item_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found(
        'recurring item', core.item_json(_user_id, _recurring_item_id)
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/recurring-items/{recurring_item_id}', 'api.recurring_read',
    summary => 'One recurring item',
    scope => 'recurring',
    answer => core.item_shape()
);

create or replace function api.recurring_add(
    _user_id bigint,
    _kind api.recurring_kind,
    _name api.label,
    _amount api.money,
    _account_id api.key,
    _frequency api.frequency,
    _anchor_on api.day,
    _to_account_id api.key default null,
    _subcategory_id api.key default null,
    _counterparty api.label default null,
    _every_n api.step_count default 1,
    _month_days api.month_days default null,
    _weekday api.weekday default null,
    _nth api.nth default null,
    _ends_on api.day default null,
    _occurrences api.step_count default null,
    _roll api.roll default 'none',
    _calendar api.code default null,
    _expected_from api.day default null,
    _is_active boolean default true
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.recurring_add(
        _user_id, _kind, _name, _amount, _account_id, _frequency, _anchor_on, _to_account_id,
        _subcategory_id, _counterparty, coalesce(_every_n, 1), _month_days, _weekday, _nth,
        _ends_on, _occurrences, coalesce(_roll, 'none'), _calendar, _expected_from,
        coalesce(_is_active, true)
    );
begin
    return core.item_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/recurring-items', 'api.recurring_add',
    summary => 'Add a recurring income, bill or transfer',
    status => 201,
    tags => '{recurring,forecast}',
    fields => '{
        "amount": {"minimum": -1000000000, "maximum": 1000000000},
        "anchor_on": {"description": "The first time; every later one is counted from here"},
        "every_n": {"description": "Every time, every second time, …"},
        "ends_on": {"description": "Not after this day"},
        "occurrences": {"description": "So many times in all"},
        "account_id": {"description": "Where the money comes in or goes out"},
        "to_account_id": {"description": "Where a transfer arrives"},
        "calendar": {"description": "Whose holidays count for roll; weekends alone if absent"},
        "expected_from": {"description": "From this day on it is overdue when it is not booked"}
    }',
    answer => core.item_shape()
);

-- The typed parameters stand for the schema of the wire; what is merged is the body itself, because
-- only it can tell an absent field from a null.
-- It was without _if_match before; beside that form it would be overloaded.
drop function if exists api.recurring_edit(
    bigint, api.key, jsonb, api.recurring_kind, api.label, api.money, api.key, api.frequency,
    api.day, api.key, api.key, api.label, api.step_count, api.month_days, api.weekday, api.nth,
    api.day, api.step_count, api.roll, api.code, api.day, boolean
);

create or replace function api.recurring_edit(
    _user_id bigint,
    _recurring_item_id api.key,
    _body jsonb,
    _kind api.recurring_kind default null,
    _name api.label default null,
    _amount api.money default null,
    _account_id api.key default null,
    _frequency api.frequency default null,
    _anchor_on api.day default null,
    _to_account_id api.key default null,
    _subcategory_id api.key default null,
    _counterparty api.label default null,
    _every_n api.step_count default null,
    _month_days api.month_days default null,
    _weekday api.weekday default null,
    _nth api.nth default null,
    _ends_on api.day default null,
    _occurrences api.step_count default null,
    _roll api.roll default null,
    _calendar api.code default null,
    _expected_from api.day default null,
    _is_active boolean default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.recurring_edit(
        _user_id, _recurring_item_id, _body, _if_match
    );
begin
    return core.item_json(_user_id, v_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/recurring-items/{recurring_item_id}', 'api.recurring_edit',
    summary => 'Edit a recurring item: absent fields stay, null clears',
    tags => '{recurring,forecast}',
    fields => '{"amount": {"minimum": -1000000000, "maximum": 1000000000}}',
    answer => core.item_shape()
);

-- It was without _if_match before; beside that form it would be overloaded.
drop function if exists api.recurring_drop(bigint, api.key);

create or replace function api.recurring_drop(
    _user_id bigint, _recurring_item_id api.key, _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.recurring_drop(_user_id, _recurring_item_id, _if_match), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/recurring-items/{recurring_item_id}', 'api.recurring_drop',
    summary => 'Drop a recurring item; what was posted for it stays',
    tags => '{recurring,transactions,forecast}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
