-- Proposals that their owner dismissed.

-- A page of them by key.
create or replace function api.dismissal_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(dismissal) order by dismissal.id),
            array_agg(core.cursor_text(dismissal.id) order by dismissal.id),
            _limit
        )
        from core.dismissal_page(
            _user_id, coalesce(core.cursor_id(_cursor), 0), _limit + 1
        ) as dismissal
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/recurring-dismissals', 'api.dismissal_list',
    summary => 'Proposals that were dismissed, oldest first',
    scope => 'recurring',
    answer => core.shape_page(core.dismissal_shape())
);

create or replace function api.dismissal_drop(_user_id bigint, _dismissal_id api.key)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.dismissal_drop(_user_id, _dismissal_id), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/recurring-dismissals/{dismissal_id}', 'api.dismissal_drop',
    summary => 'Propose it again',
    tags => '{recurring}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
