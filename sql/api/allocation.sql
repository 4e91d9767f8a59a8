-- Allocations of a budget. The shells are plpgsql, so that their plans are kept on 16 as well.

-- A page of allocations by subcategory. Errors: PT404 no such budget.
create or replace function api.allocation_list(
    _user_id bigint,
    _budget_id api.key,
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    perform core.budget_check(_user_id, _budget_id);
    return (
        select core.page_json(
            array_agg(to_json(allocation) order by allocation.subcategory_id),
            array_agg(
                core.cursor_text(allocation.subcategory_id) order by allocation.subcategory_id
            ),
            _limit
        )
        from core.share_page(
            _user_id, _budget_id, coalesce(core.cursor_id(_cursor), 0), _limit + 1
        ) as allocation
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/budgets/{budget_id}/allocations', 'api.allocation_list',
    summary => 'Allocations of a budget, by subcategory',
    scope => 'transactions',
    answer => core.shape_page(core.share_shape())
);

create or replace function api.allocation_add(
    _user_id bigint,
    _budget_id api.key,
    _subcategory_id api.key,
    _amount api.money,
    _is_recurring boolean default false,
    _is_carried boolean default true
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.allocation_add(
        _user_id, _budget_id, _subcategory_id, _amount, coalesce(_is_recurring, false),
        coalesce(_is_carried, true)
    );
begin
    return core.share_json(_user_id, _budget_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/budgets/{budget_id}/allocations', 'api.allocation_add',
    summary => 'Give a subcategory its part of a budget',
    status => 201,
    tags => '{budgets}',
    fields => '{"amount": {"minimum": 0}}',
    answer => core.share_shape()
);

-- Reading the items in the types of the wire is what refuses a value that a single one would.
create or replace function api.allocation_set(_user_id bigint, _budget_id api.key, _items jsonb)
returns json
language plpgsql
as $$
begin
    perform core.check_list('items', _items, 500);
    perform from jsonb_to_recordset(_items) as item (
        subcategory_id api.key,
        amount api.money,
        is_recurring boolean,
        is_carried boolean,
        version integer
    );
    return (
        select json_build_object('added', written.added_count, 'edited', written.edited_count)
        from core.portion_set(_user_id, _budget_id, _items) as written
    );
end;
$$;

call api.route(
    'PUT /api/v2/users/{user_id}/budgets/{budget_id}/allocations', 'api.allocation_set',
    summary => 'Set many allocations at once, all or none; unnamed ones stay',
    tags => '{budgets}',
    max_body_bytes => 131072,
    fields => '{
        "items": {
            "type": "array",
            "minItems": 1,
            "maxItems": 500,
            "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["subcategory_id", "amount"],
                "properties": {
                    "subcategory_id": {
                        "type": "integer", "minimum": 1, "maximum": 999999999999999999
                    },
                    "amount": {
                        "type": "number", "multipleOf": 0.01,
                        "minimum": 0, "maximum": 999999999999.99
                    },
                    "is_recurring": {"type": ["boolean", "null"]},
                    "is_carried": {"type": ["boolean", "null"]},
                    "version": {
                        "type": ["integer", "null"], "minimum": 0, "maximum": 2147483647,
                        "description": "Refused when another one stands; 0 is none yet"
                    }
                }
            }
        }
    }',
    answer => '{"added": "integer", "edited": "integer"}'
);

create or replace function api.allocation_edit(
    _user_id bigint,
    _budget_id api.key,
    _budget_allocation_id api.key,
    _body jsonb,
    _amount api.money default null,
    _is_recurring boolean default null,
    _is_carried boolean default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.allocation_edit(
        _user_id, _budget_id, _budget_allocation_id, _body, _amount, _is_recurring, _is_carried,
        _if_match
    );
begin
    return core.share_json(_user_id, _budget_id, v_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/budgets/{budget_id}/allocations/{budget_allocation_id}',
    'api.allocation_edit',
    summary => 'Edit an allocation: absent fields stay',
    tags => '{budgets}',
    fields => '{"amount": {"minimum": 0}}',
    answer => core.share_shape()
);

create or replace function api.allocation_drop(
    _user_id bigint,
    _budget_id api.key,
    _budget_allocation_id api.key,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id',
        core.allocation_drop(_user_id, _budget_id, _budget_allocation_id, _if_match),
        'dropped',
        true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/budgets/{budget_id}/allocations/{budget_allocation_id}',
    'api.allocation_drop',
    summary => 'Drop an allocation: what is spent there is unallocated',
    tags => '{budgets}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
