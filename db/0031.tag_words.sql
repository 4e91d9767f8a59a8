-- The type of tags on the wire.
-- depends: 0030.transaction_parts

set lock_timeout = '3s';

create domain api.tags as text[]
    constraint are_few_words check (
        cardinality(value) <= 20
        and array_position(value, null) is null
        and cardinality(value) = cardinality(
            string_to_array(array_to_string(value, e'\n'), e'\n')
        )
        and array_to_string(value, e'\n') ~ (
            '^([^[:space:]\u0001-\u001f\u007f-\u009f]{1,40}'
            '(\n[^[:space:]\u0001-\u001f\u007f-\u009f]{1,40})*)?$'
        )
    );
comment on domain api.tags is
    '{"type": "array", "maxItems": 20, "items": {"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[^\\s\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]+$"}, "description": "Words of your own, without spaces", "examples": [["holiday"]]}';
