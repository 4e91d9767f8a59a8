-- Rules for bookings: reading, writing and ordering them.
-- The shells are plpgsql, so that their plans are kept on 16 as well.

-- A page of rules in their order; the cursor holds a position as a day.
create or replace function api.rulebook_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(rule) order by rule.position, rule.id),
            array_agg(
                core.cursor_text(rule.id, date '2000-01-01' + rule.position)
                order by rule.position, rule.id
            ),
            _limit
        )
        from core.rulebook_page(
            _user_id,
            coalesce(core.cursor_day(_cursor) - date '2000-01-01', 0),
            coalesce(core.cursor_id(_cursor), 0),
            _limit + 1
        ) as rule
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/transaction-rules', 'api.rulebook_list',
    summary => 'Rules for transactions, in the order in which they are asked',
    answer => core.shape_page(core.rulebook_shape())
);

create or replace function api.rulebook_read(_user_id bigint, _rule_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('rule', core.rulebook_json(_user_id, _rule_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/transaction-rules/{rule_id}', 'api.rulebook_read',
    summary => 'One rule',
    answer => core.rulebook_shape()
);

-- The typed parameters stand for the schema of the wire; what is stored is the body itself.
create or replace function api.rulebook_add(
    _user_id bigint,
    _body jsonb,
    _name api.label,
    _is_active boolean default true,
    _texts api.rule_texts default null,
    _text_match api.text_match default 'contains',
    _text_field api.text_field default 'either',
    _text_need api.text_need default 'any',
    _amount_from api.money default null,
    _amount_to api.money default null,
    _amount_by api.amount_by default 'signed',
    _account_ids api.rule_accounts default null,
    _direction api.direction default null,
    _month_days api.month_days default null,
    _subcategory_id api.key default null,
    _counterparty api.label default null,
    _add_tags api.rule_tags default null,
    _remove_tags api.rule_tags default null,
    _transfer_account_id api.key default null,
    _is_last boolean default false,
    _is_overwriting boolean default false
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.rulebook_add(_user_id, _body);
begin
    return core.rulebook_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transaction-rules', 'api.rulebook_add',
    summary => 'Add a rule behind the others: all it asks for must hold',
    status => 201,
    tags => '{transaction_rules}',
    fields => '{
        "text_match": {"description": "How a text must stand in the field"},
        "amount_from": {"description": "Not less; with both ends equal, exactly so much"},
        "amount_to": {"description": "Not more"},
        "month_days": {"description": "On these days of a month; -1 is the last one"},
        "subcategory_id": {"description": "Sets the category"},
        "counterparty": {"description": "Sets the name"},
        "transfer_account_id": {"description": "Links the other leg, which is on this account"},
        "is_last": {"description": "No later rule is asked about a booking that this one meets"},
        "is_overwriting": {"description": "Sets what a hand or another rule has set before"}
    }',
    answer => core.rulebook_shape()
);

create or replace function api.rulebook_edit(
    _user_id bigint,
    _rule_id api.key,
    _body jsonb,
    _name api.label default null,
    _is_active boolean default null,
    _texts api.rule_texts default null,
    _text_match api.text_match default null,
    _text_field api.text_field default null,
    _text_need api.text_need default null,
    _amount_from api.money default null,
    _amount_to api.money default null,
    _amount_by api.amount_by default null,
    _account_ids api.rule_accounts default null,
    _direction api.direction default null,
    _month_days api.month_days default null,
    _subcategory_id api.key default null,
    _counterparty api.label default null,
    _add_tags api.rule_tags default null,
    _remove_tags api.rule_tags default null,
    _transfer_account_id api.key default null,
    _is_last boolean default null,
    _is_overwriting boolean default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.rulebook_edit(_user_id, _rule_id, _body, _if_match);
begin
    return core.rulebook_json(_user_id, v_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/transaction-rules/{rule_id}', 'api.rulebook_edit',
    summary => 'Edit a rule: absent fields stay, null clears',
    tags => '{transaction_rules}',
    answer => core.rulebook_shape()
);

create or replace function api.rulebook_drop(
    _user_id bigint, _rule_id api.key, _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.rulebook_drop(_user_id, _rule_id, _if_match), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/transaction-rules/{rule_id}', 'api.rulebook_drop',
    summary => 'Drop a rule: what it set stays, and so does its name in the trail',
    tags => '{transaction_rules}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);

create or replace function api.rulebook_sort(_user_id bigint, _rule_ids api.rule_order)
returns json
language plpgsql
as $$
begin
    return json_build_object('moved_count', core.draft_sort(_user_id, _rule_ids));
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transaction-rules/order', 'api.rulebook_sort',
    summary => 'Put all rules in an order',
    tags => '{transaction_rules}',
    answer => '{"moved_count": "integer"}'
);
