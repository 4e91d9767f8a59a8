select plan(9);

insert into data.users (id, public_id) values (-1, '00000000-0000-4000-8000-000000000001');
insert into data.user_emails (email, user_id) values ('ann@example.org', -1);
select core.session_issue(-1, sha256('a'), interval '1 hour');

select is(
    core.person_id('00000000-0000-4000-8000-000000000001'), -1::bigint,
    'a user is found by the id that is shown'
);
select is(
    core.person_take('00000000-0000-4000-8000-000000000001'), -1::bigint,
    'and taken for the rest of the transaction'
);
select throws_ok(
    $$ select core.person_take('00000000-0000-4000-8000-00000000000f') $$, 'PT404',
    'No such user', 'nobody is not'
);
select results_eq(
    $$ select email, is_email_verified, tier, role, is_active from core.person_row(-1) $$,
    $$ values ('ann@example.org', false, 'budget', 'user', true) $$, 'what an admin sees'
);
select is(
    core.person_edit(-1, 'enterprise', null, null),
    '{"tier": {"from": "budget", "to": "enterprise"}}'::jsonb, 'an edit says what it changed'
);
select is(core.person_edit(-1, 'enterprise', null, null), '{}'::jsonb, 'or that nothing did');
select results_eq(
    $$ select tier, role from core.person_row(-1) $$, $$ values ('enterprise', 'user') $$,
    'what is absent stays'
);
select core.person_edit(-1, null, 'coach', false);
select results_eq(
    $$ select tier, role, is_active from core.person_row(-1) $$,
    $$ values ('enterprise', 'coach', false) $$, 'who is switched off'
);
select is_empty(
    $$ select from core.session_rows(-1, null, null, 10) $$, 'is logged out everywhere'
);

select * from finish();
