select plan(6);

select api.registration_add('ann@example.org', 'hash', '192.0.2.1', 'test');
create temporary table mailed as
select (regexp_match(body, '\d+\.[A-Za-z0-9_-]{43}'))[1] as token from data.messages;

select is(
    (select api.email_confirm(token, null, null)::jsonb from mailed),
    '{"verified": true}'::jsonb, 'the mailed token proves an address'
);
select throws_ok(
    $$ select api.email_confirm(token, null, null) from mailed $$, 'PT422', null, 'once'
);
select throws_ok(
    $$ select api.email_challenge(core.email_owner('ann@example.org')) $$, 'PT422',
    'Your address is proved already', 'what is proved needs no mail'
);
update data.user_emails set verified_at = null;
select is(
    api.email_challenge(core.email_owner('ann@example.org'))::jsonb, '{"sent": true}'::jsonb,
    'before that another one can be asked for'
);
select core.attempt_take('mail_address', 'ann@example.org') from generate_series(1, 5);
select throws_ok(
    $$ select api.email_challenge(core.email_owner('ann@example.org')) $$, 'PT429', null,
    'a few times'
);
select is(
    (select count(*)::integer from data.verification_audit_log where event_type = 'email_verified'),
    1, 'the proof is written down'
);

select * from finish();
