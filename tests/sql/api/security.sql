select plan(6);

insert into data.users (id) values (-1);
select set_config('app.user_id', '-1', true);
select core.audit_add(-1, 'verify_failed', '192.0.2.7', 'agent', '+420600000001');

select is(api.security_read(-1) ->> 'total_failed', '1', 'a user sees their own figures');
select core.audit_add(null, 'login_failed', '192.0.2.9', 'agent') from generate_series(1, 11);
select is(
    api.security_suspects(200)::jsonb @? '$.items[*] ? (@.ip == "192.0.2.9")', true,
    'a busy source is listed'
);

insert into data.phone_verification (
    user_id, phone_number, verification_code_hash, salt, code_expires_at
)
select -1, '+42060000000' || number, sha256(''), sha256(''), now() + interval '5 minutes'
from generate_series(1, 3) as number;
select is(
    api.security_report('2000-01-01', null, 2) ->> 'next_cursor', '420600000002',
    'a full page says where to go on'
);
select is(
    api.security_report('2000-01-01', null, 2, '420600000002')::jsonb
        #>> '{items,0,phone_number}',
    '+420600000003', 'and there it does'
);
select is(
    json_array_length(api.security_report(null, '00420 600 000 001') -> 'items'), 1,
    'one number alone, however it is spelled'
);
select throws_ok(
    $$select api.security_report(_cursor => 'x')$$, 'PT422',
    'cursor must be the next_cursor of an earlier page', 'a made-up cursor is refused'
);

select * from finish();
