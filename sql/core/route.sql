-- What a route's function may ask the service for: parameters that never come from the wire.

-- Names of reserved parameters, without their underscore. The service fills them: who asks
-- (caller_id, caller_tier, session_hash), from where (client_ip, user_agent), with what (body,
-- if_match), and what only the service can know (server_key, password_ok, checked_hash,
-- upgraded_hash, password_hash, new_password_hash, captcha_ok).
create or replace function core.route_reserved()
returns text[]
language sql immutable parallel safe
as $$
    select array[
        'caller_id', 'caller_tier', 'client_ip', 'user_agent', 'body', 'session_hash', 'if_match',
        'server_key', 'password_ok', 'checked_hash', 'upgraded_hash', 'password_hash',
        'new_password_hash', 'captcha_ok'
    ];
$$;
