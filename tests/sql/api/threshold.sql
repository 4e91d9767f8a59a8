select plan(3);
select set_config('app.user_id', '-1', true);

insert into data.users (id) values (-1);

select is(api.threshold_read(-1) ->> 'low_chance', '0.35', 'the defaults');
select is(
    api.threshold_edit(-1, '{"bill_days": 14}', _bill_days => 14) ->> 'bill_days', '14',
    'what the body names changes'
);
select throws_ok('select api.threshold_read(-2)', 'PT404', 'No such user', 'nobody has none');

select * from finish();
