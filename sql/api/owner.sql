-- Whose data a request reads, when the path names somebody else than the caller.

-- The key of the user with a public id who lets the caller read this scope, or null. Not a route:
-- the service calls it before it reads for a coach, and answers null like an unknown id.
create or replace function api.owner_read(
    _caller_id bigint, _owner_public_id uuid, _scope text
)
returns json
language sql security definer
set search_path = ''
as $$
    select to_json(core.grant_owner(_caller_id, _owner_public_id, _scope));
$$;
comment on function api.owner_read(bigint, uuid, text) is 'The owner who lets a coach read';
revoke execute on function api.owner_read(bigint, uuid, text) from public;
grant execute on function api.owner_read(bigint, uuid, text) to service;
