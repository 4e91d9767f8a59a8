select plan(18);

insert into data.users (id, locale) values (-1, 'de-DE'), (-2, 'en-US');

create function pg_temp.sent(_user_id bigint) returns data.messages language sql as $$
    select message from data.messages as message where user_id = _user_id;
$$;

select ok(
    core.message_add(-1, 'sms', '+4915112345678', 'verification_code', '{"code": "123456"}') > 0,
    'a message has a key'
);
select is(
    (pg_temp.sent(-1)).body,
    'Dein Code für Tideline ist 123456. Gib ihn niemandem; wir fragen nie danach.',
    'it speaks the language of its user'
);
select results_eq(
    $$ select status, attempts, stale_at - created_at, subject
       from data.messages where user_id = -1 $$,
    $$ values ('queued', 0, interval '5 minutes', null::text) $$,
    'it waits to be sent, while it is of use'
);
select ok(
    core.message_add(-3, 'mail', 'gone@example.org', 'account_deleted') > 0,
    'a user who is gone hears of it, in English'
);
select throws_ok(
    $$ select core.message_add(-2, 'sms', '+4915112345678', 'password_changed') $$, 'PT500', null,
    'a mail is no text message'
);
select throws_ok(
    $$ select core.message_add(-2, 'mail', e'a@example.org\r\nBcc: b@example.org', 'new_login',
        '{"client_ip": "192.0.2.1", "user_agent": "curl"}') $$,
    '23514', null, 'a recipient is one word'
);
select throws_ok(
    $$ select core.message_add(-2, 'mail', 'a@example.org', 'password_reset') $$, 'PT500', null,
    'a message without its value is not queued'
);
select is(core.message_forget(-1), 1, 'the messages of an account that ends are forgotten');
select results_eq(
    $$ select core.message_pause(attempt) from unnest(array[1, 2, 12]) as attempt $$,
    $$ values (interval '5 seconds'), (interval '10 seconds'), (interval '15 minutes') $$,
    'each pause is twice the last one, up to a limit'
);

-- Claiming and settling by their results; how the service asks is in tests/sql/api/message.sql.
delete from data.messages;
select core.message_add(-1, 'mail', 'ada@example.org', 'password_reset', '{"token": "t"}');
select core.message_add(-3, 'mail', 'gone@example.org', 'account_deleted');
select is(
    (select count(*)::integer from core.message_claim(1)), 1, 'no more than asked for'
);
select is(
    (select array_agg(recipient) from core.message_claim(5)), array['gone@example.org'],
    'each message once'
);

create function pg_temp.settled(
    _user_id bigint, _outcome text, _error_code text default null, _is_kept boolean default false
)
returns text language sql as $$
    select core.message_settle(
        _user_id, id, attempts, _outcome, _error_code, _is_kept
    )
    from data.messages where user_id = _user_id;
$$;
select is(
    pg_temp.settled(-1, 'sent', _is_kept => true), 'sent', 'development is done with it as well'
);
select matches((pg_temp.sent(-1)).body, '[{]page[}]/#reset=t', 'but keeps its text');
select is(pg_temp.settled(-3, 'failed', 'smtp_550'), 'failed', 'refused for good');
select is(
    (select count(*)::integer from data.messages where user_id = -3), 0,
    'nothing is kept of a user who is gone'
);

insert into data.messages (
    user_id, channel, recipient, template, locale, body, has_secret, stale_at, status, attempts
)
values (
    -2, 'sms', '+1', 'verification_code', 'en', 'x', true, now() + interval '1 minute', 'sending', 6
);
select is(
    pg_temp.settled(-2, 'away', 'no_answer'), 'failed',
    'no pause is begun that ends after the message is of use'
);

insert into data.messages (
    user_id, channel, recipient, template, locale, has_secret, stale_at, status
)
values (-99, 'sms', '+1', 'verification_code', 'en', true, now(), 'failed');
select is(core.message_prune(10), 1, 'what was told to somebody who is gone is forgotten at once');
update data.messages set created_at = now() - interval '31 days';
select is(core.message_prune(10), 2, 'what was finished a month ago is forgotten');

select * from finish();
