select plan(4);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
insert into data.recurring_dismissals (
    user_id, id, fingerprint, account_id, name, amount, frequency, every_n
)
values
    (-1, 1, repeat('a', 32), 1, 'Gym', -30, 'monthly', 1),
    (-1, 2, repeat('b', 32), 1, 'Club', -20, 'monthly', 1);

create temporary table first as select api.dismissal_list(-1, 1) as page;
select is((select page #>> '{items,0,name}' from first), 'Gym', 'oldest first');
select is(
    (select api.dismissal_list(-1, 1, page ->> 'next_cursor') #>> '{items,0,name}' from first),
    'Club', 'page by page'
);
select is(api.dismissal_drop(-1, 1) ->> 'dropped', 'true', 'it may be proposed again');
select throws_ok(
    'select api.dismissal_drop(-1, 1)', 'PT404', 'No such dismissal', 'what is gone is gone'
);

select * from finish();
