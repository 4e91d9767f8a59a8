-- The end of an account.

-- It takes one thing more: beside the old form there would be two functions for one route.
drop function if exists api.deletion_add(bigint, boolean, inet, text);
create or replace function api.deletion_add(
    _user_id bigint, _password_ok boolean, _checked_hash text, _client_ip inet, _user_agent text
)
returns json
language plpgsql
as $$
begin
    if not core.password_stands(_user_id, _password_ok, _checked_hash) then
        return core.password_wrong(_user_id, _client_ip, _user_agent, 'deletion');
    end if;
    perform core.password_right(core.password_who(_user_id), _client_ip);
    return json_build_object('deleted', core.deletion_run(_user_id));
end;
$$;

-- A POST, because it carries the password, and the body of a DELETE means nothing to HTTP.
call api.route(
    'POST /api/v2/users/{user_id}/deletion', 'api.deletion_add',
    summary => 'Delete your account and everything in it, for good',
    needs_login => true,
    tags => '{user,accounts,forecast}',
    answer => '{"deleted": "boolean"}',
    cookie => 'clear'
);
