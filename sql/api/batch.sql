-- Many bookings in one request.

-- At most 1,000 rows, all or none; the answer holds their ids in the order of the request. Reading
-- the rows in the types of the wire is what refuses a value that a single booking would refuse.
create or replace function api.batch_add(_user_id bigint, _items jsonb)
returns json
language plpgsql
as $$
declare
    v_ids bigint[];
begin
    perform core.check_list('items', _items, 1000);
    perform from jsonb_to_recordset(_items) as item (
        account_id api.key,
        amount api.money,
        transaction_date api.day,
        description api.label,
        comment api.note,
        subcategory_id api.key,
        counterparty api.label,
        external_id api.code,
        is_pending boolean,
        recurring_item_id api.key,
        tags api.tags
    );
    v_ids := core.batch_add(_user_id, _items);
    return json_build_object('added', cardinality(v_ids), 'ids', to_json(v_ids));
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transactions/batch', 'api.batch_add',
    summary => 'Book up to 1,000 transactions, all or none',
    status => 201,
    needs_key => true,
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
                        "type": "string", "minLength": 1, "maxLength": 200, "pattern":
                        "^ *[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*$"
                    },
                    "comment": {"type": ["string", "null"], "maxLength": 2000},
                    "subcategory_id": {
                        "type": ["integer", "null"], "minimum": 1, "maximum": 999999999999999999
                    },
                    "counterparty": {
                        "type": ["string", "null"], "minLength": 1, "maxLength": 200, "pattern":
                        "^ *[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*$"
                    },
                    "external_id": {
                        "type": ["string", "null"], "pattern": "^[A-Za-z0-9_.:/-]{1,64}$"
                    },
                    "is_pending": {"type": ["boolean", "null"]},
                    "recurring_item_id": {
                        "type": ["integer", "null"], "minimum": 1, "maximum": 999999999999999999
                    },
                    "tags": {
                        "type": ["array", "null"], "maxItems": 20, "items": {
                            "type": "string", "minLength": 1, "maxLength": 40,
                            "pattern": "^[^\\s\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]+$"
                        }
                    }
                }
            }
        }
    }',
    answer => '{"added": "integer", "ids": ["integer"]}'
);
