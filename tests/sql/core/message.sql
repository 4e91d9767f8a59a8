select plan(9);

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

select * from finish();
