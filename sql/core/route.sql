-- What a route's function may ask the service for: parameters that never come from the wire.

-- Names of reserved parameters, without their underscore. The service fills them: who asks
-- (caller_id, caller_tier, session_hash), from where (client_ip, user_agent), with what (body,
-- if_match; file and rows of a file), and what only the service can know (server_key, password_ok,
-- checked_hash, upgraded_hash, password_hash, new_password_hash, captcha_ok).
create or replace function core.route_reserved()
returns text[]
language sql immutable parallel safe
as $$
    select array[
        'caller_id', 'caller_tier', 'client_ip', 'user_agent', 'body', 'session_hash', 'if_match',
        'server_key', 'password_ok', 'checked_hash', 'upgraded_hash', 'password_hash',
        'new_password_hash', 'captcha_ok', 'file', 'rows'
    ];
$$;

-- Why a function cannot answer a route, in a sentence; null when it can. _addresses are the path
-- and its aliases, _parameters the function's, with their underscore.
create or replace function core.route_fault(
    _method text,
    _addresses text[],
    _function text,
    _access text,
    _needs_key boolean,
    _parameters text[],
    _first_type regtype,
    _max_file_bytes bigint
)
returns text
language sql immutable parallel safe
as $$
    select case
        when _access = 'owner' and (
            _parameters[1] is distinct from '_user_id'
            or _first_type is distinct from 'bigint'::regtype
        )
        then format('%s must take its owner first: _user_id bigint', _function)
        when _access = 'public' and '_user_id' = any (_parameters)
        then format('%s takes an owner, but a public route does not know who asks', _function)
        when _method = 'PATCH' and '_if_match' <> all (_parameters)
        then format(
            '%s must take _if_match bigint: an edit says which version it means', _function
        )
        when _needs_key and _access = 'public'
        then format(
            '%s %s is public: a key counts for whoever asks, and nobody is known',
            _method, _addresses[1]
        )
        -- {user_id} is always the caller. An admin who looks at somebody else needs another field.
        when _access = 'admin' and strpos(array_to_string(_addresses, ' '), '{user_id}') > 0
        then format(
            '{user_id} in %s %s would be the admin alone: name another field',
            _method, _addresses[1]
        )
        when ('_file' = any (_parameters)) <> ('_rows' = any (_parameters))
        then format('%s must take both _file jsonb and _rows jsonb, or neither', _function)
        when ('_file' = any (_parameters)) <> (_max_file_bytes is not null)
        then format('%s reads a file if, and only if, it says max_file_bytes', _function)
        when _max_file_bytes is not null and (
            _access = 'public'
            or _parameters && array[
                '_body', '_password_ok', '_checked_hash', '_upgraded_hash', '_password_hash',
                '_new_password_hash', '_captcha_ok', '_server_key'
            ]
        )
        then format('%s reads a file of somebody known: it has no other body', _function)
    end;
$$;
