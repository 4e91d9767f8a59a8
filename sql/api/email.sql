-- Proving that an address is one's own.

create or replace function api.email_confirm(
    _token api.token, _client_ip inet, _user_agent text
)
returns json
language plpgsql
as $$
declare
    v_user_id constant bigint := core.email_confirm(_token);
begin
    perform core.audit_add(v_user_id, 'email_verified', _client_ip, _user_agent);
    return json_build_object('verified', true);
end;
$$;

call api.route(
    'POST /api/v2/email-verifications', 'api.email_confirm',
    summary => 'Prove your address with the token that was mailed to it',
    access => 'public',
    answer => '{"verified": "boolean"}'
);

create or replace function api.email_challenge(_user_id bigint)
returns json
language plpgsql
as $$
declare
    v_email text;
begin
    select own.email into v_email
    from core.email_row(_user_id) as own
    where own.verified_at is null;
    perform core.check_rule('email', v_email is not null, 'Your address is proved already');
    perform core.attempt_check('mail_address', v_email);
    perform core.email_challenge(_user_id, v_email);
    return json_build_object('sent', true);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/email-verification', 'api.email_challenge',
    summary => 'Mail the token that proves your address once more',
    status => 202,
    answer => '{"sent": "boolean"}'
);
