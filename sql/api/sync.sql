-- Keeping a copy of the ledger.

create or replace function api.sync_read(
    _user_id bigint,
    _changed_since api.sync_cursor default null,
    _limit api.page_limit default 200
)
returns json
language plpgsql stable
as $$
begin
    return core.sync_json(_user_id, _changed_since, _limit);
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/transactions/changes', 'api.sync_read',
    summary => 'What was written and dropped since a moment, in the order of the writes',
    scope => 'transactions',
    answer => jsonb_build_object(
        'items', jsonb_build_array(jsonb_build_object(
            'id', 'integer',
            'change_no', 'integer',
            'is_dropped', 'boolean',
            'transaction?', core.ledger_shape() || core.ledger_extras()
        )),
        'next_cursor', 'text',
        'has_more', 'boolean'
    )
);
