select plan(7);

insert into data.users (id, public_id, role) values
    (-1, '00000000-0000-4000-8000-000000000001', 'user'),
    (-2, '00000000-0000-4000-8000-000000000002', 'admin');
insert into data.user_emails (email, user_id) values ('ann@example.org', -1);
select set_config('app.user_id', '-2', true);

select is(
    api.person_read('00000000-0000-4000-8000-000000000001')::jsonb ->> 'email',
    'ann@example.org', 'an admin looks at a user'
);
select is(
    api.person_find('Ann@Example.org')::jsonb ->> 'id', '00000000-0000-4000-8000-000000000001',
    'or looks one up'
);
select throws_ok(
    $$ select api.person_find('no@example.org') $$, 'PT404', 'No such user', 'if there is one'
);
select is(
    api.person_edit(
        -2, '00000000-0000-4000-8000-000000000001', null, null, _role => 'coach',
        _tier => 'professional'
    )::jsonb - 'created_at' - 'version',
    '{"id": "00000000-0000-4000-8000-000000000001", "email": "ann@example.org",
      "is_email_verified": false, "full_name": null, "tier": "professional", "role": "coach",
      "is_active": true}'::jsonb,
    'and makes them a coach'
);
select results_eq(
    $$ select user_id, event_details from data.verification_audit_log $$,
    $$ values (-1::bigint, '{"by": "00000000-0000-4000-8000-000000000002",
                             "role": {"from": "user", "to": "coach"},
                             "tier": {"from": "budget", "to": "professional"}}'::jsonb) $$,
    'which is written down, with who did it'
);
select throws_ok(
    $$ select api.person_edit(
           -2, '00000000-0000-4000-8000-000000000002', null, null, _role => 'user'
       ) $$,
    'PT422', 'Another admin has to change your own role', 'nobody changes what they are themselves'
);
select throws_ok(
    $$ select api.person_edit(-2, '00000000-0000-4000-8000-0000000000ff', null, null) $$, 'PT404',
    'No such user', 'nobody else is there'
);

select * from finish();
