-- Many bookings edited or dropped in one request.

create or replace function api.bulk_edit(
    _user_id bigint,
    _ids api.batch_keys,
    _body jsonb,
    _description api.label default null,
    _comment api.note default null,
    _subcategory_id api.key default null,
    _counterparty api.label default null,
    _is_pending boolean default null,
    _recurring_item_id api.key default null,
    _tags api.tags default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'edited',
        core.bulk_edit(
            _user_id, _ids, _body, _description, _comment, _subcategory_id, _counterparty,
            _is_pending, _recurring_item_id, _tags
        )
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transactions/batch-edit', 'api.bulk_edit',
    summary => 'Edit up to 1,000 transactions alike, all or none: absent fields stay, null clears',
    tags => '{transactions,accounts,forecast}',
    timeout_ms => 5000,
    is_fast => false,
    answer => '{"edited": "integer"}'
);

create or replace function api.bulk_drop(_user_id bigint, _ids api.batch_keys)
returns json
language plpgsql
as $$
begin
    return json_build_object('dropped', core.bulk_drop(_user_id, _ids));
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transactions/batch-drop', 'api.bulk_drop',
    summary => 'Drop up to 1,000 transactions, all or none, and give their amounts back',
    needs_key => true,
    tags => '{transactions,accounts,forecast}',
    timeout_ms => 5000,
    is_fast => false,
    answer => '{"dropped": "integer"}'
);
