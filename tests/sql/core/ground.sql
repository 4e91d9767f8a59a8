select plan(20);

insert into data.users (id, currency, timezone, healthy_from, warning_from, reserve)
values (-1, 'USD', 'Pacific/Kiritimati', 50, 5, 1.5);
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance, is_active
)
values
    (-1, 1, 'Checking', 'USD', '2020-01-01', 100, 100, true),
    (-1, 2, 'Savings', 'USD', '2020-01-01', 30, 30, true),
    (-1, 3, 'Abroad', 'EUR', '2020-01-01', 7, 7, true),
    (-1, 4, 'Closed', 'USD', '2020-01-01', 1000, 1000, false);

create function pg_temp.book(
    _amount numeric, _day date, _item bigint default null, _whose text default null
)
returns text language sql as $$
    insert into data.transactions (
        user_id, account_id, amount, transaction_date, description, recurring_item_id, counterparty
    )
    values (-1, 1, _amount, _day, 'Booking', _item, _whose);
    update data.accounts set current_balance = current_balance + _amount
    where user_id = -1 and id = 1
    returning 'ok';
$$;

select is(ground.opening_cents, 13000::bigint, 'active accounts in the user''s currency add up')
from core.ground_row(-1, '2026-01-10') as ground;
select is(ground.covered, '{1,2}'::bigint[], 'these are covered')
from core.ground_row(-1, '2026-01-10') as ground;
select is(ground.active, '{1,2,3}'::bigint[], 'items of all that are active are scheduled')
from core.ground_row(-1, '2026-01-10') as ground;
select is(ground.excluded, '{3}'::bigint[], 'another currency is left out by name')
from core.ground_row(-1, '2026-01-10') as ground;
select is(
    concat_ws(' ', healthy_cents, warning_cents, reserve_cents, currency), '5000 500 150 USD',
    'thresholds in cents'
)
from core.ground_row(-1, '2026-01-10') as ground;
select is(
    concat_ws(' ', covered, opening_cents, currency), '{3} 700 EUR',
    'one account is covered alone, in its own currency'
)
from core.ground_row(-1, '2026-01-10', null, 3) as ground;
select is(ground.covered, '{}'::bigint[], 'a foreign account covers nothing')
from core.ground_row(-1, '2026-01-10', null, 99) as ground;
select is_empty('select core.ground_row(-2, ''2026-01-10'')', 'no row for an unknown user');

select is(
    concat_ws(' ', as_of, start_on), '2026-01-10 2026-02-01',
    'a plan may start later than it is made'
)
from core.ground_row(-1, '2026-01-10', '2026-02-01') as ground;
select is(
    concat_ws(' ', as_of, start_on), '2026-01-05 2026-01-05',
    'a plan that starts earlier knows only what was known then'
)
from core.ground_row(-1, '2026-01-10', '2026-01-05') as ground;
select is(
    ground.as_of, (now() at time zone 'Pacific/Kiritimati')::date, 'today is the owner''s today'
)
from core.ground_row(-1, null) as ground;

select pg_temp.book(-5, '2026-01-10');
select pg_temp.book(-20, '2026-01-11');

select is(
    array_agg(ground.opening_cents order by day), '{13000,12500,10500}',
    'a balance holds what is booked up to its day'
)
from generate_series('2026-01-09'::date, '2026-01-11', '1 day') as day
cross join lateral core.ground_row(-1, day::date) as ground;
select is(core.ground_balance(-1, 1, '2026-01-10'), 9500::bigint, 'the same of one account');
select is(core.ground_balance(-1, 99, '2026-01-10'), null, 'none of an unknown one');

insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from, counterparty
)
values (-1, 1, 'expense', 'Rent', -10, 1, 'monthly', '2026-01-10', '2026-01-01', 'Landlord');

select is(
    array_agg(ground.due_from order by day), '{2025-12-31,2026-01-01,2026-01-10}',
    'overdue is what was expected, 31 days back at most'
)
from unnest('{2025-12-31,2026-01-20,2026-02-10}'::date[]) as day
cross join lateral core.ground_row(-1, day) as ground;
select ok(not ground.is_posted, 'nothing was posted')
from core.ground_row(-1, '2026-01-20') as ground;
select pg_temp.book(-3, '2026-01-12', 1);
select ok(ground.is_posted, 'a linked booking may have posted something')
from core.ground_row(-1, '2026-01-20') as ground;
delete from data.transactions where recurring_item_id = 1;
select pg_temp.book(-9, '2026-01-12', null, 'LANDLORD');
select ok(ground.is_posted, 'so may one of the same counterparty')
from core.ground_row(-1, '2026-01-20') as ground;
delete from data.transactions where counterparty is not null;
select pg_temp.book(-10, '2026-01-12');
select ok(ground.is_posted, 'or of the same amount')
from core.ground_row(-1, '2026-01-20') as ground;

insert into data.recurring_exceptions (user_id, recurring_item_id, occurrence_on, action)
values (-1, 1, '2026-02-10', 'skip');
select ok(ground.has_exceptions, 'exceptions are looked for when there are some')
from core.ground_row(-1, '2026-01-20') as ground;

select * from finish();
