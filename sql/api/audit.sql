-- The audit log: a user reads their own trail, an admin searches it and has its chains verified.

create or replace function api.audit_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(item) order by item.id desc),
            array_agg(core.cursor_text(item.id) order by item.id desc),
            _limit
        )
        from core.trail_own(_user_id, core.cursor_id(_cursor), _limit + 1) as item
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/audit-log', 'api.audit_list',
    summary => 'What happened to your account, newest first',
    answer => '{
        "items": [{
            "id": "integer",
            "created_at": "timestamp",
            "event_type": "text",
            "ip_address": "text?",
            "user_agent": "text?",
            "phone_number": "text?",
            "event_details": "object",
            "risk_score": "number"
        }],
        "next_cursor": "text?"
    }'
);

create or replace function api.audit_search(
    _public_id uuid default null,
    _ip_address api.code default null,
    _event_type api.code default null,
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.trail_check(_cursor);
    perform core.check_rule(
        'ip_address', _ip_address is null or pg_input_is_valid(_ip_address, 'inet'),
        'ip_address must be an address'
    );
    return (
        select core.page_json(
            array_agg((to_jsonb(item) - 'cursor')::json),
            array_agg(item.cursor),
            _limit
        )
        from core.trail_search(
            case
                when _public_id is not null
                    then core.check_found('user', core.person_id(_public_id))
            end,
            _ip_address::inet, _event_type, _cursor, _limit + 1
        ) as item
    );
end;
$$;

call api.route(
    'GET /api/v2/admin/audit-log', 'api.audit_search',
    summary => 'What happened to everybody, newest first, by user, source and kind',
    access => 'admin',
    timeout_ms => 10000,
    is_fast => false,
    fields => '{
        "ip_address": {
            "maxLength": 45, "description": "Address; of IPv6 its /64 is searched",
            "examples": ["192.0.2.7"]
        },
        "event_type": {"description": "Kind of event", "examples": ["verify_failed"]}
    }',
    answer => '{
        "items": [{
            "user_id": "uuid?",
            "created_at": "timestamp",
            "event_type": "text",
            "ip_address": "text?",
            "user_agent": "text?",
            "phone_number": "text?",
            "event_details": "object",
            "risk_score": "number"
        }],
        "next_cursor": "text?"
    }'
);

create or replace function api.audit_verify()
returns json
language sql stable
as $$
    select json_build_object(
        'is_sound', count(*) = 0,
        'items', coalesce(
            json_agg(json_build_object('chain', chain, 'place', place, 'fault', fault))
                filter (where rank <= 200),
            '[]'
        ),
        'next_cursor', null
    )
    from (
        select chain, place, fault, row_number() over (order by chain, place, fault) as rank
        from core.audit_faults()
    ) as faults;
$$;

call api.route(
    'GET /api/v2/admin/audit-log/faults', 'api.audit_verify',
    summary => 'Verify every chain of the audit log: the first 200 rows edited, missing or cut off',
    access => 'admin',
    timeout_ms => 60000,
    is_fast => false,
    answer => '{
        "is_sound": "boolean",
        "items": [{"chain": "text", "place": "integer", "fault": "text"}],
        "next_cursor": "text?"
    }'
);
