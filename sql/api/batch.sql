-- Many bookings in one request.

-- At most 1,000 rows, all or none; the answer holds their ids in the order of the request.
create or replace function api.batch_take(_user_id bigint, _items jsonb)
returns json
language plpgsql
as $$
declare
    v_ids constant bigint[] := core.batch_take(_user_id, core.check_list('items', _items, 1000));
begin
    return json_build_object('added', cardinality(v_ids), 'ids', to_json(v_ids));
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transactions/batch', 'api.batch_take',
    summary => 'Book up to 1,000 transactions, all or none',
    status => 201,
    tags => '{transactions,accounts,forecast}',
    max_body_bytes => 2097152,
    timeout_ms => 5000,
    is_fast => false,
    fields => '{
        "items": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1000,
            "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["account_id", "amount", "transaction_date", "description"],
                "properties": {
                    "account_id": {
                        "type": "integer", "minimum": 1, "maximum": 999999999999999999
                    },
                    "amount": {
                        "type": "number", "multipleOf": 0.01,
                        "minimum": -999999999999.99, "maximum": 999999999999.99
                    },
                    "transaction_date": {
                        "type": "string", "format": "date",
                        "pattern": "^(19[0-9]{2}|2(0[0-9]{2}|1[0-9]{2}|200))-[0-9]{2}-[0-9]{2}$"
                    },
                    "description": {
                        "type": "string", "minLength": 1, "maxLength": 200, "pattern": "\\S"
                    },
                    "comment": {"type": ["string", "null"], "maxLength": 2000},
                    "subcategory_id": {
                        "type": ["integer", "null"], "minimum": 1, "maximum": 999999999999999999
                    },
                    "counterparty": {
                        "type": ["string", "null"], "minLength": 1, "maxLength": 200,
                        "pattern": "\\S"
                    },
                    "external_id": {
                        "type": ["string", "null"], "pattern": "^[A-Za-z0-9_.:/-]{1,64}$"
                    },
                    "is_pending": {"type": ["boolean", "null"]},
                    "recurring_item_id": {
                        "type": ["integer", "null"], "minimum": 1, "maximum": 999999999999999999
                    }
                }
            }
        }
    }',
    answer => '{"added": "integer", "ids": ["integer"]}'
);
