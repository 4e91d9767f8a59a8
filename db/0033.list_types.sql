-- Types of the wire for lists of bookings.
-- depends: 0032.ledger_words

set lock_timeout = '3s';

create domain api.ledger_order as text
    constraint is_a_known_order check (value in ('newest', 'oldest', 'largest', 'smallest'));
comment on domain api.ledger_order is
    '{"type": "string", "enum": ["newest", "oldest", "largest", "smallest"], "description": "By day, or by amount with its sign: largest begins with the highest income, smallest with the highest spending"}';

create domain api.tag as text
    constraint is_a_word check (value ~ '^[^[:space:]\u0001-\u001f\u007f-\u009f]{1,40}$');
comment on domain api.tag is
    '{"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[^\\s\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]+$", "description": "A word of your own", "examples": ["holiday"]}';

create domain api.sync_cursor as text
    constraint is_a_place_in_the_changes check (
        value ~ '^[0-9]{1,18}\.[0-9]{1,18}\.[0-9]{1,18}$'
    );
comment on domain api.sync_cursor is
    '{"type": "string", "pattern": "^[0-9]{1,18}[.][0-9]{1,18}[.][0-9]{1,18}$", "description": "next_cursor of the last answer; none begins from nothing", "examples": ["0.0.0"]}';

create domain api.batch_keys as bigint[]
    constraint are_keys_of_a_batch check (
        cardinality(value) between 1 and 1000
        and array_position(value, null) is null
        and 0 < all (value)
    );
comment on domain api.batch_keys is
    '{"type": "array", "minItems": 1, "maxItems": 1000, "items": {"type": "integer", "minimum": 1, "maximum": 999999999999999999}, "description": "Numbers of up to 1,000 of yours", "examples": [[1]]}';
