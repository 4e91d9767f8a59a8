select plan(11);

insert into data.users (id, timezone)
values (-1, 'UTC'), (-2, 'Pacific/Kiritimati'), (-3, 'UTC'), (-4, 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on, is_active)
values
    (-1, 1, 'Checking', 'USD', '2020-01-01', true), (-2, 1, 'Checking', 'USD', '2020-01-01', true),
    (-3, 1, 'Checking', 'USD', '2020-01-01', false), (-4, 1, 'Checking', 'USD', '2020-01-01', true);
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
select user_id, 1, -1, current_date - case user_id when -4 then 200 else 40 end, 'Booking'
from unnest('{-1,-2,-3,-4}'::bigint[]) as user_id;

create function pg_temp.stale() returns bigint[] language sql as $$
    select coalesce(array_agg(user_id order by user_id), '{}')
    from core.keep_stale(1000)
    where user_id < 0;
$$;
select is(
    pg_temp.stale(), '{-2,-1}'::bigint[],
    'users with an active account and a booking of three months are kept, others are not'
);
select is(
    core.keep_step(1000) ->> 'is_done', 'true', 'a step that had room for all says that it is done'
);
select is(pg_temp.stale(), '{}'::bigint[], 'what was kept is not stale');
select is(
    as_of, (now() at time zone 'Pacific/Kiritimati')::date,
    'the day is that of the user''s own time zone'
)
from data.expectation_states
where user_id = -2 and account_id = 0;
select is(
    count(*), 2::bigint, 'each account has a row, and all together one more'
)
from data.expectation_states
where user_id = -1;
select core.clock_tick(-1);
select is(pg_temp.stale(), '{-1}'::bigint[], 'a change of the ledger makes its state stale');
select is(core.keep_step(1) ->> 'count', '1', 'a step takes no more than its batch');
select is(pg_temp.stale(), '{}'::bigint[], 'and comes up with the ledger');

-- One whose state cannot be kept does not stop the others.
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-4, 2, 'Second', 'USD', '2020-01-01');
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values (-4, 2, -1, current_date, 'Booking');
alter table data.expectation_states add constraint nobody_is_minus_four check (
    user_id <> -4 or held = ''
);
select core.clock_tick(-1), core.clock_tick(-4);
select is(pg_temp.stale(), '{-4,-1}'::bigint[], 'two ledgers have moved');
select is(
    core.keep_step(1000) ->> 'is_done', 'true', 'one of them is at fault, and the step ends'
);
select is(pg_temp.stale(), '{}'::bigint[], 'neither is tried again before it moves');

select * from finish();
