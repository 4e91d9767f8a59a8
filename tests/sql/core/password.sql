select plan(20);

insert into data.users (id, full_name, password_hash) values (-1, 'Ada', 'old'), (-2, null, null);
insert into data.user_emails (email, user_id) values ('ada@example.org', -1);

select results_eq(
    $$ select * from core.password_known(-1) $$,
    $$ values ('old', '{ada@example.org,Ada}'::text[]) $$,
    'a password is checked against its hash, and against what everybody knows'
);
select results_eq(
    $$ select * from core.password_known(-2) $$, $$ values (null::text, '{}'::text[]) $$,
    'who has none has none'
);
select is_empty($$ select from core.password_known(-9) $$, 'nor has nobody');

-- Five from one source are free, for known and unknown alike.
select is(
    (select count(*)::integer
     from generate_series(1, 5)
     where core.password_try('ada@example.org', -1, '192.0.2.1')),
    5, 'five guesses are free'
);
select throws_ok(
    $$ select core.password_try('ada@example.org', -1, '192.0.2.1') $$, 'PT429', null,
    'the sixth waits'
);
select is(
    core.password_try('ada@example.org', -1, '192.0.2.2'), true, 'somebody elsewhere does not'
);
select is(
    (select count(*)::integer
     from generate_series(1, 5)
     where core.password_try('nobody@example.org', 0, '192.0.2.1')),
    5, 'nobody has as many'
);
select throws_ok(
    $$ select core.password_try('nobody@example.org', 0, '192.0.2.1') $$, 'PT429', null,
    'and no more'
);

select core.password_right('ada@example.org', '192.0.2.1');
select is(
    core.password_try('ada@example.org', -1, '192.0.2.1'), true, 'a right password forgets them'
);

-- A hundred from everywhere stop new sources, not the known one.
select core.session_start(-1, false, '198.51.100.7', 'a');
select core.attempt_take('login_account', 'ada@example.org') from generate_series(1, 100);
select throws_ok(
    $$ select core.password_try('ada@example.org', -1, '203.0.113.9') $$, 'PT429', null,
    'after a hundred guesses a new source waits'
);
select is(
    core.password_try('ada@example.org', -1, '198.51.100.7'), true,
    'who has been there before does not: lockout is no weapon'
);

select core.attempt_take('login_source', '192.0.2.66/32') from generate_series(1, 100);
select throws_ok(
    $$ select core.password_try('eve@example.org', 0, '192.0.2.66') $$, 'PT429', null,
    'one source has a hundred guesses, whoever they are at'
);
select core.attempt_take('login_source', core.source_text('2001:db8::1'))
from generate_series(1, 100);
select throws_ok(
    $$ select core.password_try('eve@example.org', 0, '2001:db8::ffff') $$, 'PT429', null,
    'and a /64 is one source'
);

select is(core.password_stands(-1, true, 'old'), true, 'a right password stands');
select is(core.password_stands(-1, false, 'old'), false, 'a wrong one does not');
select is(core.password_stands(-1, true, 'older'), false, 'nor one that was changed meanwhile');

insert into data.password_reset_tokens (user_id, token_hash, expires_at)
values (-1, sha256('a'), now() + interval '1 hour');
select is(core.password_set(-1, 'new'), -1::bigint, 'a new password');
select is(
    (select count(*)::integer from data.password_reset_tokens where user_id = -1), 0,
    'ends what was mailed to set one'
);
select throws_ok(
    $$ select core.password_set(-9, 'new') $$, 'PT404', 'No such user', 'nobody gets one'
);
select is(
    core.password_wrong(-1, '192.0.2.1', 'a', 'deletion')::jsonb #>> '{refusal,code}',
    'wrong_password', 'a wrong one is an answer, so that it stays written down'
);

select * from finish();
