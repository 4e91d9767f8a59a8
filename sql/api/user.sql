-- The caller themselves.

create or replace function api.user_read(_user_id bigint)
returns json
language plpgsql stable
as $$
begin
    return core.check_found(
        'user', (select to_json(person) from core.user_row(_user_id) as person)
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}', 'api.user_read',
    summary => 'Who you are, and where your balances begin to worry',
    scope => 'profile',
    answer => core.user_shape()
);

-- It was without _if_match before; beside that form it would be overloaded.
drop function if exists api.user_edit(
    bigint, jsonb, api.label, api.currency, api.label, api.label, api.label, api.label, api.money,
    api.money, api.money
);

create or replace function api.user_edit(
    _user_id bigint,
    _body jsonb,
    _full_name api.label default null,
    _currency api.currency default null,
    _timezone api.label default null,
    _locale api.label default null,
    _country api.label default null,
    _theme api.label default null,
    _healthy_from api.money default null,
    _warning_from api.money default null,
    _reserve api.money default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    perform core.user_edit(
        _user_id, _body, _full_name, _currency, _timezone, _locale, _country, _theme,
        _healthy_from, _warning_from, _reserve, _if_match
    );
    return (select to_json(person) from core.user_row(_user_id) as person);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}', 'api.user_edit',
    summary => 'Edit yourself: absent fields stay, null clears',
    tags => '{user,forecast}',
    fields => '{
        "timezone": {
            "maxLength": 64,
            "pattern": "^([A-Z][A-Za-z_]*(/[A-Za-z_-]+)*|Etc/GMT[+-]?[0-9]{1,2})$",
            "description": "Name of the tz database", "examples": ["America/New_York"]
        },
        "locale": {
            "pattern": "^[a-z]{2,3}(-[A-Z]{2})?$",
            "description": "Language and region", "examples": ["en-US"]
        },
        "country": {
            "pattern": "^[A-Z]{2}$", "description": "Country, ISO 3166", "examples": ["US"]
        },
        "theme": {"enum": ["system", "light", "dark"], "examples": ["system"]}
    }',
    answer => core.user_shape()
);
