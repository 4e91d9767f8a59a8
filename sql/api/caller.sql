-- Who is asking. Not routes: the service itself calls these before any route, with the hash of the
-- token that a request carries, so they are granted by hand instead of by api.route.

-- {id, public_id, tier, role, kind, is_read_only, is_cookie, is_touch_due} of the active user whom
-- a live session or API key speaks for, or null. is_touch_due asks for api.session_touch. A session
-- is one look-up; what is no session may be a key.
create or replace function api.caller_read(_user_id bigint, _token_hash bytea)
returns json
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_caller json := (
        select json_build_object(
            'id', caller.id,
            'public_id', caller.public_id,
            'tier', caller.tier,
            'role', caller.role,
            'kind', 'session',
            'is_read_only', false,
            'is_cookie', caller.is_cookie,
            'is_touch_due', caller.is_due
        )
        from core.session_caller(_user_id, _token_hash) as caller
    );
begin
    if v_caller is not null then
        return v_caller;
    end if;
    return (
        select json_build_object(
            'id', caller.id,
            'public_id', caller.public_id,
            'tier', caller.tier,
            'role', caller.role,
            'kind', 'api_key',
            'is_read_only', caller.is_read_only,
            'is_cookie', false,
            'is_touch_due', caller.is_due
        )
        from core.key_caller(_user_id, _token_hash) as caller
    );
end;
$$;
comment on function api.caller_read(bigint, bytea) is 'The caller behind a token';
revoke execute on function api.caller_read(bigint, bytea) from public;
grant execute on function api.caller_read(bigint, bytea) to service;
