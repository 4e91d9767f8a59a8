select plan(3);

insert into data.users (id, currency) values (-1, 'USD'), (-2, 'USD');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');

select throws_ok('select api.mapping_read(-1, 1)', 'PT404', null, 'nothing is remembered yet');
select set_config('app.user_id', '-1', true);
select is(
    api.mapping_edit(-1, 1, '{"date": "Day", "amount": "Sum"}') #>> '{mapping,date}', 'Day',
    'what is said is remembered'
);
select set_config('app.user_id', '-2', true);
select throws_ok('select api.mapping_read(-2, 1)', 'PT404', null, 'by its owner alone');

select * from finish();
