select plan(4);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');

select is(api.user_read(-1) ->> 'timezone', 'America/New_York', 'users see themselves');
select is(
    api.user_read(-1) ->> 'id', (select public_id::text from data.users where id = -1),
    'by the id that may leave the house'
);
select throws_ok($$ select api.user_read(-9) $$, 'PT404', 'No such user', 'nobody is nobody');
select is(
    api.user_edit(-1, '{"reserve": 5}', _reserve => 5) ->> 'reserve', '5.00',
    'an edit answers with the user'
);

select * from finish();
