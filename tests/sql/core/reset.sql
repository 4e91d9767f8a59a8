select plan(15);

insert into data.users (id) values (-1), (-2);
insert into data.user_emails (email, user_id) values ('ada@example.org', -1);

create function pg_temp.mailed() returns text language sql as $$
    select (regexp_match(body, '-?\d+\.[A-Za-z0-9_-]{43}'))[1]
    from data.messages
    where template = 'password_reset' order by id desc limit 1;
$$;

select is(
    core.reset_ask('Ada@Example.org', '192.0.2.1'), -1::bigint,
    'a reset goes to the owner of an address'
);
select matches(pg_temp.mailed(), '^-1\.', 'as a mail with a token');
select is(core.reset_ask('nobody@example.org', '192.0.2.1'), null::bigint, 'nobody has no reset');
select results_eq(
    $$ select user_id, recipient from data.messages $$,
    $$ values (-1::bigint, 'ada@example.org') $$, 'and gets no mail'
);
create temporary table first as select pg_temp.mailed() as token;
select core.reset_ask('ada@example.org', '192.0.2.1');
select throws_ok(
    $$ select core.reset_take(token) from first $$, 'PT422',
    'This token was used, is too old, or is not known', 'only the newest token is good'
);
create temporary table second as select pg_temp.mailed() as token;
select results_eq(
    $$ select expires_at from data.password_reset_tokens where user_id = -1 $$,
    $$ values (now() + interval '30 minutes') $$, 'for half an hour'
);
select is(core.reset_take(token), -1::bigint, 'it names its user') from second;
select throws_ok(
    $$ select core.reset_take(token) from second $$, 'PT422', null, 'once'
);
select core.reset_ask('ada@example.org', '192.0.2.1');
create temporary table third as select pg_temp.mailed() as token;
update data.password_reset_tokens
set created_at = now() - interval '1 hour', expires_at = now() where used_at is null;
select throws_ok(
    $$ select core.reset_take(token) from third $$, 'PT422', null, 'not when it is old'
);
select core.reset_ask('ada@example.org', '192.0.2.1');
create temporary table fourth as select pg_temp.mailed() as token;
update data.users set is_active = false where id = -1;
select throws_ok(
    $$ select core.reset_take(token) from fourth $$, 'PT422', null, 'not for who is switched off'
);
update data.users set is_active = true where id = -1;
select throws_ok(
    $$ select core.reset_take(replace(token, '-1.', '-2.')) from fourth $$, 'PT422', null,
    'and not for somebody else'
);
select is(core.reset_take(token), -1::bigint, 'until it is used') from fourth;

select core.attempt_take('mail_address', 'ada@example.org') from generate_series(1, 5);
delete from data.messages;
select is(
    core.reset_ask('ada@example.org', '192.0.2.1'), -1::bigint, 'too many mails look like one'
);
select is_empty($$ select from data.messages $$, 'but are not sent');
select core.session_start(-1, false, '198.51.100.7', 'a');
select core.reset_ask('ada@example.org', '198.51.100.7');
select is(
    (select count(*)::integer from data.messages), 1,
    'unless asked for from where the owner has been: strangers do not keep them out'
);

select * from finish();
