-- What one booking was for, in parts.

-- Reading the parts in the types of the wire refuses what a single booking would refuse.
create or replace function api.split_set(
    _user_id bigint, _transaction_id api.key, _splits jsonb, _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    perform from jsonb_to_recordset(
        case jsonb_typeof(_splits) when 'array' then _splits else '[]' end
    ) as part (amount api.money, subcategory_id api.key, comment api.label);
    perform core.split_set(_user_id, _transaction_id, _splits, _if_match);
    return core.ledger_json(_user_id, _transaction_id);
end;
$$;

call api.route(
    'PUT /api/v2/users/{user_id}/transactions/{transaction_id}/splits', 'api.split_set',
    summary => 'Split a transaction into parts, or make it whole again with an empty list',
    tags => '{transactions,accounts,forecast}',
    fields => '{
        "splits": {
            "type": "array",
            "maxItems": 50,
            "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["amount"],
                "properties": {
                    "amount": {
                        "type": "number", "multipleOf": 0.01,
                        "minimum": -999999999999.99, "maximum": 999999999999.99
                    },
                    "subcategory_id": {
                        "type": ["integer", "null"], "minimum": 1, "maximum": 999999999999999999
                    },
                    "comment": {
                        "type": ["string", "null"], "minLength": 1, "maxLength": 200, "pattern":
                        "^ *[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*$"
                    }
                }
            }
        }
    }',
    answer => core.ledger_shape() || core.ledger_extras()
);
