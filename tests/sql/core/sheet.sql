select plan(3);

select ok(
    bool_and(core.sheet_query(name, has) like '%order by booking.%limit $13%'),
    'a list has an order and an end'
)
from unnest('{newest,oldest,largest,smallest}'::text[]) as name
cross join unnest('{true,false}'::boolean[]) as has;
select is(
    core.sheet_order('part', 'newest'), 'part.transaction_date desc, part.transaction_id desc',
    'parts are walked by the day of their booking'
);
select ok(
    core.sheet_filters('booking', 'oldest') like '%(booking.transaction_date, booking.id) > %',
    'a cursor goes on the way of the order'
);

select * from finish();
