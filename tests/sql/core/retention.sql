select plan(2);

insert into data.users (id) values (-1);
insert into data.login_sessions (user_id, token_hash, created_at, expires_at, revoked_at)
values
    (-1, sha256('a'), now() - interval '99 days', now() - interval '31 days', null),
    (-1, sha256('b'), now() - interval '99 days', now() + interval '1 day', null),
    (-1, sha256('c'), now() - interval '9 days', now() + interval '1 day', now()),
    (-1, sha256('e'), now() - interval '80 days', now() - interval '79 days', null),
    (-1, sha256('d'), now() - interval '99 days', now(), now() - interval '32 days');
insert into data.api_keys (user_id, name, token_hash, hint, created_at, expires_at)
values
    (-1, 'old', sha256('a'), 'a', now() - interval '99 days', now() - interval '31 days'),
    (-1, 'for ever', sha256('b'), 'b', now() - interval '99 days', null);
insert into data.password_reset_tokens (user_id, token_hash, created_at, expires_at)
values (-1, sha256('a'), now() - interval '99 days', now() - interval '98 days');
insert into data.email_verifications (user_id, email, token_hash, created_at, expires_at, used_at)
values (-1, 'a@x.example', sha256('a'), now() - interval '99 days', now(), now());
select core.attempt_take('login_source', 'old'), core.attempt_take('login_source', 'new');
update data.attempts
set last_at = now() - interval '25 hours' where subject = core.attempt_subject('old');

insert into data.verification_days (on_day, bucket)
values ((now() at time zone 'UTC')::date - 91, 0), ((now() at time zone 'UTC')::date - 90, 0);
insert into data.phone_verification (
    user_id, phone_number, verification_code_hash, salt, code_sent_at, code_expires_at, status,
    created_at
)
select
    -1, '+420600000001', sha256(''), sha256(''), at, at + interval '5 minutes', 'expired', at
from unnest(array[now() - interval '25 months', now() - interval '23 months']) as at;

select results_eq(
    $$ select relation, row_count from core.retention_sweep() $$,
    $$ values ('data.login_sessions', 2::bigint), ('data.api_keys', 1),
              ('data.password_reset_tokens', 1), ('data.email_verifications', 0),
              ('data.attempts', 1), ('data.verification_days', 1),
              ('data.phone_verification', 1), ('data.staged_rows', 0) $$,
    'what ended a month ago goes, and counters of yesterday'
);
select is(
    (select count(*)::integer from data.login_sessions where user_id = -1), 3,
    'what lives stays, what just ended, and what tells a known source'
);

select * from finish();
