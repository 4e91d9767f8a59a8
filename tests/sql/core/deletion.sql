select plan(7);

insert into data.users (id) values (-1), (-2);
insert into data.user_emails (email, user_id) values ('ann@example.org', -1);
select core.account_add(-1, 'Checking', 'checking', 'USD', 10, '2026-01-01', null, null);
select core.session_issue(-1, sha256('a'), interval '1 hour');
select core.grant_add(-1, 'coach@example.org', '{forecast}', null);
select core.reset_ask('ann@example.org', null);

select is(core.deletion_run(-1), true, 'a user can go');
select is_empty($$ select from data.users where id = -1 $$, 'and is gone');
select is_empty(
    $$ select from data.user_emails where email = 'ann@example.org' $$, 'the address is free'
);
select results_eq(
    $$ select template, recipient from data.messages where user_id = -1 $$,
    $$ values ('account_deleted', 'ann@example.org') $$, 'one mail is left to send'
);
select results_eq(
    $$ select event_type, ip_address, user_agent, event_details, phone_number
       from data.verification_audit_log where user_id = -1 and event_type = 'account_deleted' $$,
    $$ values ('account_deleted', null::inet, null::text, '{}'::jsonb, null::text) $$,
    'and one line that says so, of nobody'
);
select is_empty(
    $$ select from core.export_tables() as source
       cross join lateral core.export_rows(
           -1, source.relation, source.owner, source.keys, source.types, null, 1
       ) as line
       where source.relation <> 'data.verification_audit_log' $$,
    'nothing else is left in any table'
);
select throws_ok(
    $$ select core.deletion_run(-1) $$, 'PT404', 'No such user', 'nobody can go twice'
);

select * from finish();
