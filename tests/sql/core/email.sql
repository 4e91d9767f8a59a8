select plan(18);

insert into data.users (id) values (-1);
insert into data.user_emails (email, user_id) values ('ann@example.com', -1);

select is(core.email_folded(' Ann@Example.COM '), 'ann@example.com', 'capitals and blanks go');
select is(
    core.email_folded(U&'\FF21nn@example.com'), 'ann@example.com',
    'wide letters are letters'
);
select is(
    core.email_owner('ANN@example.com'), -1::bigint,
    'an owner is found however it is spelled'
);
select is(core.email_owner('bob@example.com'), null::bigint, 'nobody is nobody');

select is(core.email_take('Ann@example.com'), -1::bigint, 'an address names its owner');
select is(current_setting('app.user_id'), '-1', 'as whom the transaction goes on');
select is(core.email_take('bob@example.com'), null::bigint, 'an unknown one names nobody');
select is(current_setting('app.user_id'), '', 'and nobody is who goes on');

create function pg_temp.mailed() returns text language sql as $$
    select (regexp_match(body, '-?\d+\.[A-Za-z0-9_-]{43}'))[1]
    from data.messages order by id desc limit 1;
$$;
select core.email_challenge(-1, 'Ann@example.com');
create temporary table first as select pg_temp.mailed() as token;
select core.email_challenge(-1, 'ann@example.com');
select throws_ok(
    $$ select core.email_confirm(token) from first $$, 'PT422',
    'This token was used, is too old, or is not known', 'only the newest token proves an address'
);
create temporary table second as select pg_temp.mailed() as token;
select is(core.email_confirm(token), -1::bigint, 'it proves it') from second;
select results_eq(
    $$ select email, verified_at from core.email_row(-1) $$,
    $$ values ('ann@example.com', now()) $$, 'from now on'
);
select throws_ok($$ select core.email_confirm(token) from second $$, 'PT422', null, 'once');
select core.email_challenge(-1, 'ann@example.com');
update data.email_verifications
set created_at = now() - interval '2 days', expires_at = now() where used_at is null;
create temporary table third as select pg_temp.mailed() as token;
select throws_ok($$ select core.email_confirm(token) from third $$, 'PT422', null, 'within a day');
select is(core.email_prove(-1, 'ann@example.com'), false, 'what is proved is not proved again');
select is(
    (select count(*)::integer from generate_series(1, 9) where core.email_may('Cy@x.example')), 5,
    'an address gets five mails an hour that anybody can cause'
);
select is(core.email_may('cy@x.example'), false, 'and not one more');

select core.session_start(-1, false, '198.51.100.7', 'a');
select is(
    (
        select count(*)::integer from generate_series(1, 6)
        where core.email_may_from('known@example.org', -1, '198.51.100.7')
    ),
    5, 'who is known asks five times'
);
select is(
    core.email_may_from('known@example.org', -1, '192.0.2.9'), true, 'and takes from nobody'
);

select * from finish();
