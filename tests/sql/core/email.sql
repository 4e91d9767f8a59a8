select plan(4);

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

select * from finish();
