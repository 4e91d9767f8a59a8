set lock_timeout = '3s';

comment on domain api.label is
    '{"type": "string", "minLength": 1, "maxLength": 200, "pattern": "\\S", "description": "Name on one line", "examples": ["Rent"]}';

alter domain api.label add constraint is_a_line check (
    length(value) between 1 and 200 and value ~ '[^[:space:]]'
);
alter domain api.label drop constraint is_on_one_line;
