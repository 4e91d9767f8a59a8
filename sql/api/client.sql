-- Clients of a coach.

create or replace function api.client_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor uuid default null
)
returns json
language plpgsql stable
as $$
begin
    return (
        with page as (
            select client, client.id, row_number() over (order by client.id) as place
            from core.client_rows(
                core.grant_address(_user_id), _cursor, _limit + 1
            ) as client
        )
        select json_build_object(
            'items', coalesce(json_agg(client order by id) filter (where place <= _limit), '[]'),
            'next_cursor', case
                when count(*) > _limit
                then (array_agg(id order by id) filter (where place <= _limit))[_limit::integer]
            end
        )
        from page
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/clients', 'api.client_list',
    summary => 'Whose data you may read as their coach, and which',
    answer => core.shape_page('{"id": "uuid", "full_name": "text?", "scopes": ["text"]}')
);
