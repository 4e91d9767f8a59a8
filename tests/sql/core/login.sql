select plan(12);

insert into data.users (id, is_active) values (-1, true), (-2, false);

select results_eq(
    $$ select is_known_place, is_first from core.login_person(-1, '192.0.2.1') $$,
    $$ values (false, true) $$, 'the first log-in comes from nowhere known'
);
select is_empty(
    $$ select from core.login_person(-2, '192.0.2.1') $$, 'who is switched off is nobody'
);
select is_empty($$ select from core.login_person(null, '192.0.2.1') $$, 'nobody is nobody');

update data.users set created_at = now() - interval '91 days' where id = -1;
select is(
    (select is_first from core.login_person(-1, '192.0.2.1')), false,
    'nobody is new whose log-ins were forgotten'
);
update data.users set created_at = now() where id = -1;
select core.session_start(-1, false, '192.0.2.1', 'a');
select results_eq(
    $$ select is_known_place, is_first from core.login_person(-1, '192.0.2.1') $$,
    $$ values (true, false) $$, 'the second one comes from a known place'
);

select ok(
    core.login_tell(-1, 'A@example.org', '192.0.2.9', null) > 0, 'a new place is worth a mail'
);
select matches(
    (select body from data.messages where user_id = -1), '192\.0\.2\.9', 'which says from where'
);
select core.attempt_take('mail_address', 'a@example.org') from generate_series(1, 5);
select ok(
    core.login_tell(-1, 'A@example.org', '192.0.2.9', null) > 0,
    'whatever else was mailed to the address'
);
update data.attempts
set attempt_count = 5, free_at = now() + interval '1 hour' where kind = 'mail_address';
select is(
    core.login_tell(-1, 'a@example.org', null, null), null::bigint,
    'but not worth a flood of them'
);

select core.session_issue(-1, sha256('k'), interval '1 hour');
select is(core.login_check(-1, sha256('k')), true, 'a log-in that is live');
select throws_ok(
    $$ select core.login_check(-2, sha256('k')) $$, 'PT401', null, 'is so for its own user'
);
select core.session_clear(-1);
select throws_ok(
    $$ select core.login_check(-1, sha256('k')) $$, 'PT401',
    'This session has ended: log in again', 'until it ends'
);

select * from finish();
