-- Safety in figures: one's own, and for admins what numbers and sources do.

create or replace function api.security_read(_user_id bigint)
returns json
language sql stable
as $$
    select core.security_json(_user_id);
$$;

call api.route(
    'GET /api/v2/users/{user_id}/security-summary', 'api.security_read',
    summary => 'Proofs, wrong guesses, addresses and numbers of your account',
    answer => '{
        "total_verified": "integer",
        "total_failed": "integer",
        "unique_ips": "integer",
        "unique_phones": "integer",
        "last_verification": "timestamp?",
        "avg_risk_score": "number",
        "last_30_days": {
            "codes": "integer", "wrong_guesses": "integer", "refusals": "integer"
        }
    }'
);

create or replace function api.security_suspects(_limit api.page_limit default 50)
returns json
language sql stable
as $$
    select json_build_object(
        'items', coalesce(json_agg(suspect order by suspect.total_events desc, suspect.ip), '[]'),
        'next_cursor', null
    )
    from core.security_suspects(_limit) as suspect;
$$;

call api.route(
    'GET /api/v2/admin/suspicious-ips', 'api.security_suspects',
    summary => 'Sources of the last 24 hours with many events or a high risk, the busiest first',
    access => 'admin',
    is_fast => false,
    timeout_ms => 10000,
    answer => '{
        "items": [{
            "ip": "text",
            "total_events": "integer",
            "failed_attempts": "integer",
            "rate_limit_violations": "integer",
            "avg_risk_score": "number",
            "last_activity": "timestamp"
        }],
        "next_cursor": "text?"
    }'
);

create or replace function api.security_report(
    _since api.day default null,
    _phone_number api.note default null,
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
declare
    v_number constant text := core.phone_folded(_phone_number);
begin
    perform core.check_rule(
        'phone_number', _phone_number is null or v_number is not null,
        'phone_number must be written with its country: +420 600 000 001'
    );
    perform core.check_rule(
        'cursor', _cursor is null or core.phone_folded('+' || _cursor) = '+' || _cursor,
        'cursor must be the next_cursor of an earlier page'
    );
    return (
        select core.page_json(
            array_agg(to_json(item) order by item.phone_number),
            array_agg(substr(item.phone_number, 2) order by item.phone_number),
            _limit
        )
        from core.security_resends(
            coalesce(_since, current_date - 30), v_number, '+' || _cursor, _limit + 1
        ) as item
    );
end;
$$;

call api.route(
    'GET /api/v2/admin/verification-report', 'api.security_report',
    summary => 'How codes were asked for, number by number; since 30 days ago unless told',
    access => 'admin',
    is_fast => false,
    timeout_ms => 10000,
    fields => '{"phone_number": {"maxLength": 40, "description": "One number alone"}}',
    answer => '{
        "items": [{
            "phone_number": "text",
            "requests": "integer",
            "max_resend_count": "integer",
            "avg_resend_count": "number",
            "attempts": "integer",
            "verified_count": "integer",
            "last_sent_at": "timestamp"
        }],
        "next_cursor": "text?"
    }'
);
