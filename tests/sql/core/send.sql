-- The courier is not here: the code is in the message that waits for it.
select plan(17);

insert into data.users (id) values (-1), (-2);
select set_config('app.user_id', '-1', true);

create function pg_temp.send(_id bigint, _number text default '+420600000001', _ip inet
    default '192.0.2.7') returns jsonb language sql as $$
    select core.send_answer(-1, _id, _number, null, '\x01', _ip, 'agent')::jsonb;
$$;
-- A little later.
create function pg_temp.later() returns void language sql as $$
    update data.verification_counters
    set last_at = last_at - interval '301 seconds',
        moments = array(select moment - interval '301 seconds' from unnest(moments) as moment);
$$;

select is(
    pg_temp.send(null) - '{id,code_sent_at,code_expires_at,created_at}'::text[],
    '{"phone_number": "+420600000001", "status": "pending", "is_verified": false,
      "attempts_left": 5, "resends_left": 3, "resend_after_s": 60}'::jsonb, 'a code is on its way'
);
create temporary table proofs as select max(id) as id from data.phone_verification;
select matches(
    (select body from data.messages where user_id = -1), '[0-9]{6}', 'in a message of six digits'
);
select is(
    (select code_expires_at - code_sent_at from data.phone_verification), interval '5 minutes',
    'it lives five minutes'
);
select is(
    pg_temp.send((select id from proofs)) #>> '{refusal,code}', 'too_many_attempts',
    'not again within a minute'
);
select is(
    (select count(*)::integer from data.verification_counters where cardinality(moments) = 1), 5,
    'a send counts once against each of five caps, a refused one against none'
);

select pg_temp.later();
update data.phone_verification set attempts = 4;
create temporary table hashes as select verification_code_hash as hash from data.phone_verification;
select is(
    (pg_temp.send((select id from proofs)) ->> 'resends_left')::integer, 2, 'a resend is one less'
);
select isnt(
    (select verification_code_hash from data.phone_verification), (select hash from hashes),
    'it is a new code'
);
select is((select attempts from data.phone_verification), 0, 'with guesses of its own');

select pg_temp.later();
select isnt(
    (pg_temp.send(null) ->> 'id')::bigint, (select id from proofs), 'a new request is a new proof'
);
select is(
    (select status from data.phone_verification as proof where id = (select id from proofs)),
    'expired', 'which ends the one before'
);
select throws_ok(
    format('select pg_temp.send(%s)', (select id from proofs)), 'PT409',
    'This verification is over: ask for a new one', 'an ended one is not sent again'
);
select throws_ok(
    'select pg_temp.send(999999999)', 'PT404', 'No such verification', 'nor one that is not there'
);
update data.phone_verification set resend_count = 3 where status = 'pending';
select throws_ok(
    format(
        'select pg_temp.send(%s)',
        (select id from data.phone_verification where status = 'pending')
    ),
    'PT409', 'No resend is left: ask for a new verification', 'three resends are enough'
);

select is(
    core.send_wait(-2, '+420600009999', '192.0.2.9/32'), 0, 'another number does not wait'
);
select core.cap_take('send_prefix', '+42060000') from generate_series(1, 30);
select is(
    core.send_wait(-2, '+420600009999', '192.0.2.9/32') > 0, true, 'unless its block is full'
);
select is(
    core.send_take(-2, '+420600009999', '192.0.2.9/32') > 0, true, 'which taking finds too'
);
select isnt(
    core.send_code(-1, null, '+420600000002', true, 0, '\x01', '192.0.2.7', 'agent'),
    (select id from proofs), 'a code may go to a second number'
);

select * from finish();
