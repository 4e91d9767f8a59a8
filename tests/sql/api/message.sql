select plan(17);

insert into data.users (id) values (-1), (-2);
select core.message_add(-1, 'mail', 'ada@example.org', 'password_reset', '{"token": "t-1"}');
select core.message_add(-2, 'mail', 'bob@example.org', 'password_changed');

create function pg_temp.claimed(_limit integer) returns jsonb language sql as $$
    select api.message_claim(_limit)::jsonb -> 'items';
$$;
create function pg_temp.settled(
    _user_id bigint, _attempt integer, _outcome text, _error_code text default null,
    _is_kept boolean default false
)
returns text language sql as $$
    select api.message_settle(
        _user_id, (select id from data.messages where user_id = _user_id), _attempt, _outcome,
        _error_code, _is_kept
    ) ->> 'status'
    from set_config('app.user_id', _user_id::text, true);
$$;

select set_config('app.user_id', '', true);
select is(jsonb_array_length(pg_temp.claimed(10)), 2, 'the courier claims for every owner');
select is(api.message_claim(10)::text, null, 'what is claimed is nobody else''s');
select results_eq(
    $$ select status, attempts, next_try_at > now() from data.messages $$,
    $$ values ('sending', 1, true), ('sending', 1, true) $$,
    'a claim is an attempt with a lease'
);
select is(pg_temp.settled(-1, 2, 'sent'), null, 'another attempt has no say');
select is(pg_temp.settled(-1, 1, 'away', 'no_answer'), 'queued', 'what failed waits for its pause');
select is(api.message_claim(10)::text, null, 'not before its pause is over');

update data.messages set next_try_at = now() where user_id = -1;
select is(pg_temp.claimed(10) -> 0 -> 'attempt', '2'::jsonb, 'then it is tried again');
select is(pg_temp.settled(-1, 2, 'sent'), 'sent', 'the gateway took it');
select results_eq(
    $$ select body, sent_at is not null, error_code from data.messages where user_id = -1 $$,
    $$ values (null::text, true, null::text) $$,
    'a secret leaves its row with the message'
);
select is(pg_temp.settled(-1, 2, 'sent'), null, 'a finished message is finished');

-- The sender of the other one was killed: its lease ends.
update data.messages set next_try_at = now() where user_id = -2;
select is(pg_temp.claimed(10) -> 0 -> 'attempt', '2'::jsonb, 'its lease ends, and frees it');
select is(pg_temp.settled(-2, 1, 'sent'), null, 'whoever comes late has no say');
update data.messages
set next_try_at = now(), attempts = core.message_tries()
where user_id = -2;
select is(api.message_claim(10)::text, null, 'a message that kills its senders is given up');
select results_eq(
    $$ select status, error_code from data.messages where user_id = -2 $$,
    $$ values ('failed', 'gave_up') $$,
    'and says so'
);

delete from data.messages;
select core.message_add(-1, 'sms', '+4915112345678', 'verification_code', '{"code": "123456"}');
update data.messages set stale_at = now();
select set_config('app.user_id', '', true);
select is(api.message_claim(10)::text, null, 'a code that has ended is not sent');
select results_eq(
    $$ select status, error_code, body from data.messages $$,
    $$ values ('failed', 'expired', null::text) $$,
    'and is wiped'
);
select ok(
    has_function_privilege('service', 'api.message_claim(integer)', 'execute')
    and not exists (select from api.routes where function like 'api.message\_%'),
    'only the service asks'
);

select * from finish();
