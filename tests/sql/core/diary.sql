select plan(6);

create temporary table home as select * from core.demo_household('2025-03-05');

create temporary view booked as
select booking.*, item.name
from data.transactions as booking
left join data.recurring_items as item
    on item.user_id = booking.user_id and item.id = booking.recurring_item_id
where booking.user_id = (select user_id from home);

select is_empty(
    $$ select from booked
       where name = 'Internet' and transaction_date between '2025-02-20' and '2025-03-05' $$,
    'the internet bill of six days ago is not paid'
);
select is(
    (select max(transaction_date) from booked where name = 'Phones'), '2025-03-04'::date,
    'the phone bill of the day after tomorrow is'
);
select is(
    (select count(*) from booked where transfer_id is not null),
    2 * (select count(distinct transfer_id) from booked), 'transfers have two legs'
);
select is(
    (select sum(amount) from booked where transfer_id is not null), 0.00,
    'which together are nothing'
);
select is(
    core.diary_bookings((select user_id from home), '2025-01-01', '2025-02-01')::text, '[]',
    'what is booked is not proposed again'
);
select is(core.diary_pair((select user_id from home)), 0::bigint, 'every leg has found the other');

select * from finish();
