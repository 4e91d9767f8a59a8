-- Telephone numbers of a user: send a code, send it again, say what it was.

create or replace function api.phone_send(
    _user_id bigint,
    _phone_number api.note,
    _captcha_ok boolean,
    _server_key bytea,
    _client_ip inet,
    _user_agent text
)
returns json
language plpgsql
as $$
begin
    return core.send_answer(
        _user_id, null, core.phone_check(_phone_number), _captcha_ok, _server_key, _client_ip,
        _user_agent
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/phone-verifications', 'api.phone_send',
    summary => 'Send a code to a telephone number, to prove that it is yours',
    needs_login => true,
    status => 202,
    tags => '{user}',
    fields => '{
        "phone_number": {
            "minLength": 7, "maxLength": 40, "description": "Number with its country",
            "examples": ["+420 600 000 001"]
        }
    }',
    answer => core.verification_shape()
);

create or replace function api.phone_resend(
    _user_id bigint,
    _verification_id api.key,
    _captcha_ok boolean,
    _server_key bytea,
    _client_ip inet,
    _user_agent text
)
returns json
language plpgsql
as $$
begin
    return core.send_answer(
        _user_id, _verification_id, null, _captcha_ok, _server_key, _client_ip, _user_agent
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/phone-verifications/{verification_id}/resend',
    'api.phone_resend',
    summary => 'Send another code; the one before ends',
    needs_login => true,
    status => 202,
    tags => '{user}',
    answer => core.verification_shape()
);

create or replace function api.phone_check(
    _user_id bigint,
    _verification_id api.key,
    _code api.code,
    _server_key bytea,
    _client_ip inet,
    _user_agent text
)
returns json
language plpgsql
as $$
begin
    return core.guess_answer(
        _user_id, _verification_id, _code, _server_key, _client_ip, _user_agent
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/phone-verifications/{verification_id}/check',
    'api.phone_check',
    summary => 'Say the code that came; 200 only when it was right',
    needs_login => true,
    tags => '{user}',
    fields => '{
        "code": {
            "pattern": "^[0-9]{2,8}$", "description": "Digits of the text message",
            "examples": ["314159"]
        }
    }',
    answer => core.verification_shape()
);

create or replace function api.phone_read(_user_id bigint, _verification_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found(
        'verification', core.verification_json(_user_id, _verification_id)
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/phone-verifications/{verification_id}', 'api.phone_read',
    summary => 'How far a verification is',
    answer => core.verification_shape()
);

-- It takes one thing more: beside the old form there would be two functions for one route.
drop function if exists api.phone_prove(bigint, api.note, boolean, inet, text);
create or replace function api.phone_prove(
    _user_id bigint,
    _phone_number api.note,
    _password_ok boolean,
    _checked_hash text,
    _client_ip inet,
    _user_agent text
)
returns json
language plpgsql
as $$
begin
    return core.guess_prove(
        _user_id,
        core.phone_check(_phone_number),
        core.password_stands(_user_id, _password_ok, _checked_hash),
        _client_ip,
        _user_agent
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/phone-verifications/identity', 'api.phone_prove',
    summary => 'Prove who you are after too many wrong codes for a number',
    needs_login => true,
    fields => '{
        "phone_number": {
            "minLength": 7, "maxLength": 40, "description": "Number with its country",
            "examples": ["+420 600 000 001"]
        }
    }',
    answer => '{"phone_number": "text", "is_proved": "boolean"}'
);
