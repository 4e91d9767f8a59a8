-- Alerts of one owner. They are raised by a job; the owner reads and silences them.

-- A page of them, the newest first.
create or replace function api.alert_list(
    _user_id bigint,
    _status api.alert_status default null,
    _kind api.alert_kind default null,
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(line.item order by line.id desc),
            array_agg(core.cursor_text(line.id) order by line.id desc),
            _limit
        )
        from core.warning_page(
            _user_id,
            coalesce(core.cursor_id(_cursor), 9223372036854775807),
            _status,
            _kind,
            _limit + 1
        ) as line
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/alerts', 'api.alert_list',
    summary => 'What you were warned of, the newest first',
    answer => core.shape_page(core.warning_shape())
);

create or replace function api.alert_read(_user_id bigint, _alert_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('alert', core.warning_json(_user_id, _alert_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/alerts/{alert_id}', 'api.alert_read',
    summary => 'One alert with the numbers that explain it',
    answer => core.warning_shape()
);

create or replace function api.alert_see(_user_id bigint, _alert_id api.key)
returns json
language plpgsql
as $$
begin
    perform core.warning_see(_user_id, _alert_id);
    return core.warning_json(_user_id, _alert_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/alerts/{alert_id}/read', 'api.alert_see',
    summary => 'Mark an alert as seen',
    tags => '{alerts}',
    answer => core.warning_shape()
);

create or replace function api.alert_dismiss(_user_id bigint, _alert_id api.key)
returns json
language plpgsql
as $$
begin
    perform core.warning_dismiss(_user_id, _alert_id);
    return core.warning_json(_user_id, _alert_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/alerts/{alert_id}/dismiss', 'api.alert_dismiss',
    summary => 'Do not tell this again; a dip that becomes worse is told all the same',
    tags => '{alerts}',
    answer => core.warning_shape()
);
