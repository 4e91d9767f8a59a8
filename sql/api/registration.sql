-- Signing up, and proving the address.

create or replace function api.registration_add(
    _email api.email,
    _password_hash text,
    _client_ip inet,
    _user_agent text,
    _full_name api.label default null,
    _currency api.currency default 'USD',
    _timezone api.label default 'UTC',
    _locale api.label default 'en-US',
    _country api.label default null
)
returns json
language plpgsql
as $$
declare
    v_person record;
begin
    perform core.attempt_check('register_source', coalesce(core.source_text(_client_ip), ''));
    select added.user_id, added.is_new into v_person
    from core.registration_add(
        _email, _password_hash, _full_name, coalesce(_currency, 'USD'), coalesce(_timezone, 'UTC'),
        coalesce(_locale, 'en-US'), _country
    ) as added;
    perform core.audit_add(
        v_person.user_id, 'register', _client_ip, _user_agent,
        _event_details => jsonb_build_object('is_new', v_person.is_new)
    );
    return json_build_object('accepted', true);
end;
$$;

call api.route(
    'POST /api/v2/register', 'api.registration_add',
    summary => 'Sign up: the same answer for every address; a mail says more',
    access => 'public',
    status => 202,
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
        }
    }',
    answer => '{"accepted": "boolean"}'
);
