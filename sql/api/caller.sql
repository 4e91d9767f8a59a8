-- Who is asking. Not a route: the service itself calls this before any route, with the hash of the
-- token that a request carries, so it is granted by hand instead of by api.route.

-- {id, public_id, tier, role, is_active} of the active user whom a live session speaks for, or
-- null.
create or replace function api.caller_read(_user_id bigint, _token_hash bytea)
returns json
language sql stable security definer
set search_path = ''
as $$
    select json_build_object(
        'id', caller.id,
        'public_id', caller.public_id,
        'tier', caller.tier,
        'role', caller.role,
        'is_active', true
    )
    from core.session_caller(_user_id, _token_hash) as caller;
$$;
comment on function api.caller_read(bigint, bytea) is 'The caller behind a token';
revoke execute on function api.caller_read(bigint, bytea) from public;
grant execute on function api.caller_read(bigint, bytea) to service;
