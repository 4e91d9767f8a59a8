-- What a guess and a send do is in core; here are the routes and their walls.
select plan(9);

insert into data.users (id, password_hash) values (-1, 'hash'), (-2, 'hash');
select set_config('app.user_id', '-1', true);
create temporary table proofs as
select (
    api.phone_send(-1, '00420 600 000 001', null, '\x01', '192.0.2.7', 'agent') ->> 'id'
)::bigint as id;

select is(
    (select api.phone_read(-1, id) ->> 'phone_number' from proofs), '+420600000001',
    'a number is kept in one spelling'
);
select throws_ok(
    $$select api.phone_send(-1, 'call me', null, '\x01', '192.0.2.7', 'agent')$$, 'PT422', null,
    'what is no number is refused'
);
select is(
    (select api.phone_resend(-1, id, null, '\x01', '192.0.2.7', 'agent')
        #>> '{refusal,code}' from proofs),
    'too_many_attempts', 'a second code has to wait'
);
select is(
    (select api.phone_check(-1, id, '1', '\x01', '192.0.2.7', 'agent')
        #>> '{refusal,code}' from proofs),
    'wrong_code', 'a wrong code proves nothing'
);
select is(
    (select api.phone_check(
        -1, id, (select substring(body from '[0-9]{6}') from data.messages where user_id = -1),
        '\x01', '192.0.2.7', 'agent'
    ) ->> 'status' from proofs),
    'verified', 'the right one does'
);
select is(
    api.phone_prove(-1, '+420600000001', false, 'hash', '192.0.2.7', 'agent') #>> '{refusal,code}',
    'wrong_password', 'who one is, a password proves'
);
select is(
    api.phone_prove(-1, '+420600000001', true, 'hash', '192.0.2.7', 'agent') ->> 'is_proved',
    'true',
    'the right one'
);

select set_config('app.user_id', '-2', true);
select throws_ok(
    format('select api.phone_read(-2, %s)', (select id from proofs)), 'PT404',
    'No such verification', 'somebody else''s is not there'
);
select throws_ok(
    format(
        $$select api.phone_check(-1, %s, '1', '\x01', '192.0.2.7', 'agent')$$,
        (select id from proofs)
    ),
    'PT404', 'No such verification', 'not even for a function that names its owner'
);

select * from finish();
