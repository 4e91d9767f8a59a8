select plan(11);

insert into data.users (id) values (-1), (-2);
update data.users set role = 'coach', tier = 'enterprise' where id = -1;

create function pg_temp.hash(_letter text) returns bytea language sql as $$
    select sha256(_letter::bytea)
$$;

select ok(
    core.session_issue(-1, pg_temp.hash('a'), interval '1 hour') > 0, 'a session has an id'
);
select results_eq(
    $$ select id, tier, role from core.session_caller(-1, pg_temp.hash('a')) $$,
    $$ values (-1::bigint, 'enterprise', 'coach') $$,
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

select * from finish();
