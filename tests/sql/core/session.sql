select plan(28);

insert into data.users (id) values (-1), (-2);
update data.users set role = 'coach', tier = 'enterprise' where id = -1;

create function pg_temp.hash(_letter text) returns bytea language sql as $$
    select sha256(_letter::bytea)
$$;

select ok(
    core.session_issue(-1, pg_temp.hash('a'), interval '1 hour') > 0, 'a session has an id'
);
select results_eq(
    $$ select id, tier, role, is_cookie, is_due
       from core.session_caller(-1, pg_temp.hash('a')) $$,
    $$ values (-1::bigint, 'enterprise', 'coach', false, false) $$,
    'a live session names its user'
);
select is(
    (select count(*)::integer from core.session_caller(-1, pg_temp.hash('b'))), 0,
    'another token names nobody'
);
select is(
    (select count(*)::integer from core.session_caller(-2, pg_temp.hash('a'))), 0,
    'a token under another id names nobody'
);

update data.users set is_active = false where id = -1;
select is(
    (select count(*)::integer from core.session_caller(-1, pg_temp.hash('a'))), 0,
    'a user who was switched off is nobody'
);
update data.users set is_active = true where id = -1;

select is(core.session_revoke(-1, pg_temp.hash('a')), true, 'a live session is revoked');
select is(core.session_revoke(-1, pg_temp.hash('a')), false, 'and only once');
select is(
    (select count(*)::integer from core.session_caller(-1, pg_temp.hash('a'))), 0,
    'a revoked session names nobody'
);

insert into data.login_sessions (user_id, token_hash, created_at, expires_at)
values (-2, pg_temp.hash('c'), now() - interval '2 hours', now() - interval '1 second');
select is(
    (select count(*)::integer from core.session_caller(-2, pg_temp.hash('c'))), 0,
    'an expired session names nobody'
);

select throws_ok(
    $$ select core.session_issue(-1, '\x00', interval '1 hour') $$, '23514', null,
    'a hash has 32 bytes'
);
select throws_ok(
    $$ select core.session_issue(-1, pg_temp.hash('d'), interval '0') $$, '23514', null,
    'a session lives for some time'
);

-- A log-in: token, absolute and idle end.
create temporary table logins as
select * from core.session_start(-2, true, '2001:db8::1', repeat('x', 600));
select matches(token, '^-2\.[A-Za-z0-9_-]{43}$', 'a log-in gives a token of its user') from logins;
select is(expires_at, now() + interval '12 hours', 'it ends after 12 hours') from logins;
select is(idle_expires_at, now() + interval '1 hour', 'or after an hour of silence') from logins;
select results_eq(
    $$ select caller.id, caller.is_cookie
       from logins cross join lateral core.session_caller(-2, core.secret_hash(token)) as caller $$,
    $$ values (-2::bigint, true) $$, 'the token speaks for its user'
);
select is(
    (select length(user_agent) from data.login_sessions where user_id = -2 and is_cookie), 500,
    'an agent is kept as far as it fits'
);

update data.login_sessions set last_seen_at = now() - interval '61 seconds' where is_cookie;
select is(
    (
        select is_due
        from logins cross join lateral core.session_caller(-2, core.secret_hash(token))
    ),
    true, 'a minute later it is worth noting that it is in use'
);
update data.login_sessions
set idle_expires_at = now() + interval '1 second', expires_at = now() + interval '30 minutes'
where is_cookie;
select is(core.session_touch(-2, core.secret_hash(token)), true, 'a touch') from logins;
select results_eq(
    $$ select last_seen_at = now(), idle_expires_at = now() + interval '30 minutes'
       from data.login_sessions where is_cookie $$,
    $$ values (true, true) $$, 'moves the idle end, never beyond the last one'
);
update data.login_sessions set idle_expires_at = now() where is_cookie;
select is(
    core.session_touch(-2, core.secret_hash(token)), false, 'what lay idle too long stays ended'
)
from logins;
select is_empty(
    $$ select from logins cross join lateral core.session_caller(-2, core.secret_hash(token)) $$,
    'and speaks for nobody'
);

select core.session_issue(-2, pg_temp.hash('e'), interval '1 day');
select core.session_touch(-2, pg_temp.hash('e'));
select is(
    (select idle_expires_at from data.login_sessions where token_hash = pg_temp.hash('e')),
    null::timestamptz, 'a session of a given life has no idle end, touched or not'
);

select is(core.session_knows(-2, '2001:db8::ffff'), true, 'a source is known by its /64');
select is(core.session_knows(-2, '2001:db8:0:1::1'), false, 'and another one is not');
select is(core.session_knows(-1, '2001:db8::1'), false, 'nor is it known to somebody else');

select core.session_issue(-2, pg_temp.hash('f'), interval '1 day');
select results_eq(
    $$ select is_current from core.session_rows(-2, pg_temp.hash('e'), null, 10) $$,
    $$ values (false), (true) $$, 'live sessions, newest first, with the one that asks'
);
select is(
    core.session_clear(-2, pg_temp.hash('e')), 2, 'all others end at once, those that lie idle too'
);
select is(
    core.session_end(
        -2, (select id from data.login_sessions where token_hash = pg_temp.hash('f'))
    ),
    null::bigint, 'what has ended cannot end again'
);

select * from finish();
