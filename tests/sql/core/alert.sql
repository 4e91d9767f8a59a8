select plan(8);

delete from data.users where id > 0;
insert into data.users (id, currency, timezone, reserve, is_active)
values
    (-1, 'USD', 'UTC', 0, true), (-2, 'EUR', 'UTC', 50, true), (-3, 'USD', 'UTC', 0, false),
    (-4, 'USD', 'Pacific/Kiritimati', 0, true);
insert into data.accounts (user_id, id, name, currency, opened_on, current_balance)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100),
    (-3, 3, 'Checking', 'USD', '2025-01-01', 100);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
select
    user_id, -user_id, 'expense', 'Rent', -400, -user_id, 'monthly', '2026-01-05', '2026-03-01'
from unnest('{-1,-3}'::bigint[]) as user_id;

select is(
    core.alert_raise('2026-03-01', null, 2)::jsonb, '{"count": 2, "is_done": false, "messages": 0}',
    'a batch, and there may be more'
);
select is(
    core.alert_raise('2026-03-01', null, 2)::jsonb, '{"count": 1, "is_done": false, "messages": 0}',
    'the next one goes on where it ended'
);
select is(
    core.alert_raise('2026-03-01', null, 2)::jsonb, '{"count": 0, "is_done": true, "messages": 0}',
    'until everybody''s day was looked at'
);
select results_eq(
    $$ select user_id, kind from data.alerts order by user_id desc, kind $$,
    $$ values (-1::bigint, 'bill_unfunded'), (-1, 'low_balance') $$,
    'of active users alone'
);
select is(
    core.alert_raise(null, '2026-03-02 03:00Z', 9) ->> 'count', '1',
    'a day begins at four in the morning, where people live'
);
select is(
    core.alert_raise(null, '2026-03-02 04:00Z', 9) ->> 'count', '2', 'and everybody''s once'
);
select is(
    (select array_agg(checked_on order by user_id) from data.alert_checks),
    '{2026-03-02,2026-03-02,2026-03-02}'::date[], 'in the days of their own'
);

update data.alerts set status = 'ended', until_on = '2026-03-05';
select core.alert_check('{-1}', '2027-05-01');
select is(
    (select count(*)::integer from data.alerts where until_on = '2026-03-05'), 0,
    'what is long over is forgotten'
);

select * from finish();
