-- A label is on one line: no line breaks, tabs or other control characters.
-- depends: 0012.due_type
-- No table has a column of this type: nothing is read again. What is dropped is dropped last: after
-- it, PostgreSQL takes no other change inside a savepoint of the same transaction.

set lock_timeout = '3s';

comment on domain api.label is
    '{"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^ *[^\\s\\x00-\\x1f\\x7f-\\x9f][^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*$", "description": "Name on one line", "examples": ["Rent"]}';

alter domain api.label add constraint is_on_one_line check (
    length(value) between 1 and 200
    and value ~ '[^[:space:]]'
    and value !~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029]'
);
alter domain api.label drop constraint is_a_line;
