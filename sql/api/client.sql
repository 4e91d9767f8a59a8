-- Clients of a coach.

create or replace function api.client_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor uuid default null
)
returns json
language plpgsql stable
as $$
begin
    return (
        select core.page_json(
            array_agg(to_json(client) order by client.id),
            array_agg(client.id::text order by client.id),
            _limit
        )
        from core.client_rows(core.grant_address(_user_id), _cursor, _limit + 1) as client
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/clients', 'api.client_list',
    summary => 'Whose data you may read as their coach, and which',
    answer => core.shape_page('{"id": "uuid", "full_name": "text?", "scopes": ["text"]}')
);
