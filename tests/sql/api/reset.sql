select plan(10);

select api.registration_add('ann@example.org', 'hash', '192.0.2.1', 'test');
create temporary table ann as select core.email_owner('ann@example.org') as id;
select core.session_issue(id, sha256('a'), interval '1 hour') from ann;
select core.key_add(id, 'script', true, null) from ann;
select core.grant_add(id, 'coach@example.org', '{forecast}', null) from ann;

select is(
    api.reset_add('Ann@example.org', '192.0.2.1', 'test')::jsonb, '{"accepted": true}'::jsonb,
    'a reset can be asked for'
);
select is(
    api.reset_add('no@example.org', '192.0.2.1', 'test')::jsonb, '{"accepted": true}'::jsonb,
    'by nobody too'
);
select results_eq(
    $$ select user_id from data.verification_audit_log
       where event_type = 'password_reset_asked' order by created_at $$,
    $$ select id from ann union all select null $$, 'the log knows better'
);
create temporary table mailed as
select (regexp_match(body, '\d+\.[A-Za-z0-9_-]{43}'))[1] as token
from data.messages where template = 'password_reset';
select is(
    (select api.reset_use(token, 'new', '192.0.2.1', 'test')::jsonb from mailed),
    '{"changed": true}'::jsonb, 'the mailed token sets another password'
);
select is(
    (select password_hash from data.users where id = (select id from ann)), 'new', 'which counts'
);
select is_empty(
    $$ select from ann cross join lateral core.session_rows(id, null, null, 10) $$,
    'every session ends'
);
select is_empty(
    $$ select from ann cross join lateral core.key_rows(id, null, 10) $$, 'and every key'
);
select results_eq(
    $$ select verified_at = now(), (select count(*) from core.grant_rows(user_id, null, 10))
       from data.user_emails where email = 'ann@example.org' $$,
    $$ values (true, 0::bigint) $$,
    'it proves the address, and what was granted before that is over'
);
select throws_ok(
    $$ select api.reset_use(token, 'newer', '192.0.2.1', 'test') from mailed $$, 'PT422', null,
    'once'
);
select core.attempt_take('reset_source', '192.0.2.1/32') from generate_series(1, 30);
select throws_ok(
    $$ select api.reset_add('no@example.org', '192.0.2.1', 'test') $$, 'PT429', null,
    'thirty in an hour come from one source'
);

select * from finish();
