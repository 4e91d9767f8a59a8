-- What an operator should know now.

create or replace function api.alarm_list()
returns json
language sql stable
as $$
    select json_build_object(
        'items', coalesce(json_agg(item order by item.alarm, item.detail), '[]'),
        'next_cursor', null
    )
    from core.alarm_rows() as item;
$$;

call api.route(
    'GET /api/v2/admin/alarms', 'api.alarm_list',
    summary => 'Alarms that are on: floods of codes, stopped checks, missing partitions',
    access => 'admin',
    is_fast => false,
    timeout_ms => 10000,
    answer => '{
        "items": [{"alarm": "text", "detail": "text", "value": "integer"}],
        "next_cursor": "text?"
    }'
);
