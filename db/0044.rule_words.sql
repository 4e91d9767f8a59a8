-- The types of rules on the wire.
-- depends: 0043.transaction_rules

set lock_timeout = '3s';

create domain api.rule_texts as text[]
    constraint are_short_texts check (
        cardinality(value) between 1 and 20
        and array_position(value, null) is null
        and cardinality(value) = cardinality(
            string_to_array(array_to_string(value, e'\n'), e'\n')
        )
        and array_to_string(value, e'\n') ~ '^[^\n]{1,100}(\n[^\n]{1,100})*$'
    );
comment on domain api.rule_texts is
    '{"type": "array", "minItems": 1, "maxItems": 20, "items": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^ *[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*$"}, "description": "Texts to look for, in any case of letters; they stand for themselves", "examples": [["coffee"]]}';

create domain api.rule_tags as text[]
    constraint are_few_words check (
        cardinality(value) between 1 and 10
        and array_position(value, null) is null
        and cardinality(value) = cardinality(
            string_to_array(array_to_string(value, e'\n'), e'\n')
        )
        and array_to_string(value, e'\n') ~ (
            '^[^[:space:]\u0001-\u001f\u007f-\u009f]{1,40}'
            '(\n[^[:space:]\u0001-\u001f\u007f-\u009f]{1,40})*$'
        )
    );
comment on domain api.rule_tags is
    '{"type": "array", "minItems": 1, "maxItems": 10, "uniqueItems": true, "items": {"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[^\\s\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]+$"}, "description": "Words of your own, without spaces", "examples": [["holiday"]]}';

create domain api.rule_accounts as bigint[]
    constraint are_a_few_keys check (
        cardinality(value) between 1 and 50
        and array_position(value, null) is null
        and 1 <= all (value) and 999999999999999999 >= all (value)
    );
comment on domain api.rule_accounts is
    '{"type": "array", "minItems": 1, "maxItems": 50, "uniqueItems": true, "items": {"type": "integer", "minimum": 1, "maximum": 999999999999999999}, "description": "Any of these accounts of yours"}';

create domain api.rule_order as bigint[]
    constraint are_keys check (
        cardinality(value) between 1 and 200
        and array_position(value, null) is null
        and 1 <= all (value) and 999999999999999999 >= all (value)
    );
comment on domain api.rule_order is
    '{"type": "array", "minItems": 1, "maxItems": 200, "uniqueItems": true, "items": {"type": "integer", "minimum": 1, "maximum": 999999999999999999}, "description": "Every rule of yours, in the order to come"}';

create domain api.some_keys as bigint[]
    constraint are_keys check (
        cardinality(value) between 1 and 1000
        and array_position(value, null) is null
        and 1 <= all (value) and 999999999999999999 >= all (value)
    );
comment on domain api.some_keys is
    '{"type": "array", "minItems": 1, "maxItems": 1000, "items": {"type": "integer", "minimum": 1, "maximum": 999999999999999999}, "description": "Numbers of things of yours"}';

create domain api.text_match as text
    constraint is_a_known_match check (value in ('contains', 'starts', 'equals', 'word'));
comment on domain api.text_match is
    '{"type": "string", "enum": ["contains", "starts", "equals", "word"], "description": "Where a text must stand; word: between what is no letter or digit"}';

create domain api.text_field as text
    constraint is_a_known_field check (value in ('description', 'counterparty', 'either'));
comment on domain api.text_field is
    '{"type": "string", "enum": ["description", "counterparty", "either"], "description": "What of a booking is looked at"}';

create domain api.text_need as text
    constraint is_a_known_need check (value in ('any', 'all'));
comment on domain api.text_need is
    '{"type": "string", "enum": ["any", "all"], "description": "One of the texts, or every one"}';

create domain api.amount_by as text
    constraint is_a_known_way check (value in ('signed', 'size'));
comment on domain api.amount_by is
    '{"type": "string", "enum": ["signed", "size"], "description": "Amounts as they are booked, or without their sign"}';

create domain api.direction as text
    constraint is_a_known_direction check (value in ('in', 'out'));
comment on domain api.direction is
    '{"type": "string", "enum": ["in", "out"], "description": "Money that comes, or goes"}';
