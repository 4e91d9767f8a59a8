select plan(5);

create function pg_temp.join_as(_email text) returns jsonb language sql as $$
    select api.registration_add(_email::api.email, 'hash', '192.0.2.1', 'test')::jsonb;
$$;

select is(pg_temp.join_as('Ann@example.org'), '{"accepted": true}'::jsonb, 'anybody can sign up');
select is(
    pg_temp.join_as('ann@example.org'), '{"accepted": true}'::jsonb,
    'and hears the same when they had'
);
select results_eq(
    $$ select event_details from data.verification_audit_log order by created_at $$,
    $$ values ('{"is_new": true}'::jsonb), ('{"is_new": false}') $$, 'the log knows better'
);
select core.attempt_take('register_source', '192.0.2.1/32') from generate_series(1, 60);
select throws_ok(
    $$ select pg_temp.join_as('bob@example.org') $$, 'PT429', null,
    'sixty in an hour come from one source'
);
select throws_ok(
    $$ select pg_temp.join_as('no address') $$, '23514', null, 'an address has an @'
);

select * from finish();
