select plan(4);

insert into data.users (id, password_hash) values (-1, 'hash');
insert into data.user_emails (email, user_id) values ('ann@example.org', -1);
select set_config('app.user_id', '-1', true);

select is(
    api.deletion_add(-1, false, 'hash', null, null)::jsonb #>> '{refusal,code}', 'wrong_password',
    'the end wants the password'
);
select is(
    api.deletion_add(-1, true, 'older', null, null)::jsonb #>> '{refusal,code}', 'wrong_password',
    'the one that stands'
);
select is(
    api.deletion_add(-1, true, 'hash', null, null)::jsonb, '{"deleted": true}'::jsonb,
    'and then it is'
);
select is_empty($$ select from data.users where id = -1 $$, 'the end');

select * from finish();
