-- Taking everything along.

create or replace function api.export_take(
    _user_id bigint,
    _client_ip inet,
    _user_agent text,
    _limit api.page_limit default 200,
    _cursor api.note default null
)
returns json
language plpgsql
as $$
begin
    if _cursor is null then
        perform core.audit_add(_user_id, 'account_exported', _client_ip, _user_agent);
    end if;
    return core.export_page(_user_id, _cursor, coalesce(_limit, 200));
end;
$$;

-- A POST, because it is written down that it happened.
call api.route(
    'POST /api/v2/users/{user_id}/export', 'api.export_take',
    summary => 'Everything you own, page after page: one item is one row of one table',
    needs_login => true,
    cost => 5,
    timeout_ms => 5000,
    fields => '{"cursor": {"description": "next_cursor of the page before"}}',
    answer => '{"items": [{"table": "text", "row": "object"}], "next_cursor": "text?"}'
);
