-- How the CSV files of an account are read.

create or replace function api.mapping_read(_user_id bigint, _account_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('mapping', core.mapping_json(_user_id, _account_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/accounts/{account_id}/statement-mapping', 'api.mapping_read',
    summary => 'Which column of this account''s CSV files means what',
    answer => '{
        "account_id": "integer",
        "mapping": "object",
        "columns": ["text"],
        "date_order": "text?",
        "decimal_mark": "text?",
        "delimiter": "text?",
        "encoding": "text?",
        "updated_at": "timestamp"
    }'
);

create or replace function api.mapping_edit(_user_id bigint, _account_id api.key, _mapping jsonb)
returns json
language plpgsql
as $$
begin
    perform core.mapping_keep(_user_id, _account_id, _mapping);
    return core.mapping_json(_user_id, _account_id);
end;
$$;

call api.route(
    'PUT /api/v2/users/{user_id}/accounts/{account_id}/statement-mapping', 'api.mapping_edit',
    summary => 'Say which column of this account''s CSV files means what',
    fields => '{
        "mapping": {
            "type": "object",
            "maxProperties": 20,
            "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 200}
        }
    }',
    answer => '{
        "account_id": "integer",
        "mapping": "object",
        "columns": ["text"],
        "date_order": "text?",
        "decimal_mark": "text?",
        "delimiter": "text?",
        "encoding": "text?",
        "updated_at": "timestamp"
    }'
);
