select plan(17);

insert into data.users (id) values (-1), (-2);
select set_config('app.user_id', '-1', true);
create temporary table proofs as
select core.send_code(-1, null, '+420600000001', null, 0, '\x01', '192.0.2.7', 'agent') as id;
create temporary table codes as
select
    substring(body from '[0-9]{6}') as code,
    lpad(((substring(body from '[0-9]{6}')::integer + 1) % 1000000)::text, 6, '0') as wrong
from data.messages where user_id = -1;
create function pg_temp.guess(_code text, _user_id bigint default -1) returns jsonb
language sql as $$
    select core.guess_answer(_user_id, id, _code, '\x01', '192.0.2.7', 'agent')::jsonb from proofs;
$$;

select is(
    pg_temp.guess((select wrong from codes)) -> 'refusal',
    '{"status": 422, "code": "wrong_code", "field": "code",
      "detail": "The code is wrong; guesses left: 4"}'::jsonb,
    'a wrong guess is told how many are left'
);
select is(
    (select failed_total from data.verification_streaks), 1::bigint, 'it lengthens the streak'
);
select is(core.cap_count('failed_source', '192.0.2.7/32'), 1, 'and is remembered of the source');
select throws_ok(
    $$select pg_temp.guess('123456', -2)$$, 'PT404', 'No such verification',
    'somebody else''s proof is not there'
);
update data.phone_verification set code_expires_at = clock_timestamp();
select is(
    core.guess_settle(-1, (select id from proofs), (select code from codes), '\x01'),
    null::boolean, 'a code out of time is not compared'
);
update data.phone_verification set code_expires_at = clock_timestamp() + interval '1 minute';
select is(
    core.guess_settle(-1, (select id from proofs), (select code from codes), '\x02'), false,
    'nor does it fit under another key'
);
select is((select attempts from data.phone_verification), 2, 'each comparison counts');
select is(
    pg_temp.guess((select code from codes)) ->> 'is_verified', 'true', 'the right code proves it'
);
select results_eq(
    $$select phone_number, phone_verified_at is not null from data.users where id = -1$$,
    $$values ('+420600000001', true)$$, 'and the number is the user''s'
);
select is(core.verification_streak(-1, '+420600000001'), 0::bigint, 'the streak has ended');
select is(
    pg_temp.guess((select code from codes)) #>> '{refusal,code}', 'not_pending',
    'a used code is no code'
);

update data.phone_verification set status = 'pending', attempts = 4;
select is(
    pg_temp.guess((select wrong from codes)) #>> '{refusal,detail}',
    'The code is wrong; guesses left: 0', 'the fifth guess is the last'
);
select is((select status from data.phone_verification), 'failed', 'with it the proof has failed');
select is(
    core.guess_refusal(-1, (select id from proofs))::jsonb #>> '{refusal,status}', '422',
    'what is wrong is a field'
);

select core.guess_streak('+420600000001', false) from generate_series(1, 100);
select is(
    pg_temp.guess((select code from codes)) #>> '{refusal,code}', 'identity_required',
    'a hundred wrong ones in a row end guessing'
);
select is(
    core.guess_prove(-1, '+420600000001', false, '192.0.2.7', 'agent')::jsonb
        #>> '{refusal,code}',
    'wrong_password', 'a wrong password proves nothing'
);
select core.guess_prove(-1, '+420600000001', true, '192.0.2.7', 'agent');
select is(core.verification_streak(-1, '+420600000001'), 0::bigint, 'the right one does');

select * from finish();
