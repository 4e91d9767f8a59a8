select plan(2);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'A', 'USD', '2025-01-01'), (-1, 2, 'B', 'USD', '2025-01-01');
create temporary table booked as
select core.transaction_add(-1, 1 + n % 2, n, '2025-01-02', 'Booking ' || n) as id
from generate_series(1, 4) as n;
create function pg_temp.ids() returns bigint[] language sql as $$
    select array_agg(id order by id) from booked;
$$;

select set_config('app.user_id', '-1', true);
select is(
    api.bulk_edit(-1, pg_temp.ids(), '{"tags": ["x"]}', _tags => '{x}') ->> 'edited', '4',
    'many are edited'
);
select is(api.bulk_drop(-1, pg_temp.ids()) ->> 'dropped', '4', 'and dropped');

select * from finish();
