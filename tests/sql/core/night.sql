select plan(10);

insert into data.users (id, timezone, currency)
values
    (-5, 'Pacific/Kiritimati', 'USD'),
    (-4, 'Pacific/Kiritimati', 'USD'),
    (-3, 'Pacific/Kiritimati', 'EUR'),
    (-2, 'Pacific/Kiritimati', 'USD'),
    (-1, 'Pacific/Pago_Pago', 'USD');
insert into data.accounts (user_id, id, name, currency, opened_on)
select person, 1, 'Checking', 'USD', '2020-01-01' from generate_series(-5, -1) as person;
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values
    (-5, 1, 1, '2026-01-02', 'In'), (-4, 1, 1, '2025-10-01', 'In'), (-3, 1, 1, '2026-01-02', 'In');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from,
    is_active
)
values
    (-2, 1, 'expense', 'Rent', -1, 1, 'monthly', '2026-02-01', '2026-01-01', true),
    (-4, 1, 'expense', 'Rent', -1, 1, 'monthly', '2026-02-01', '2026-01-01', false);

select results_eq(
    $$select zone from core.night_zones() as zone where zone like 'Pacific/%'$$,
    $$values ('Pacific/Kiritimati'), ('Pacific/Pago_Pago')$$,
    'each zone that somebody lives in, once'
);
select results_eq(
    $$select timezone, as_of from core.night_due(null, '2026-01-02 10:30+00')
      where timezone like 'Pacific/%' order by timezone$$,
    $$values ('Pacific/Kiritimati', date '2026-01-02'), ('Pacific/Pago_Pago', '2025-12-31')$$,
    'the last day that has ended is one in Kiritimati and another in Pago Pago'
);
select results_eq(
    $$select timezone from core.night_due('2026-01-02', '2026-01-02 10:30+00')
      where timezone like 'Pacific/%'$$,
    $$values ('Pacific/Kiritimati')$$, 'a day that is still to come is due nowhere'
);
select is(
    core.night_next('Pacific/Kiritimati', '2026-01-02', null, 9), '{-5,-2}'::bigint[],
    'who booked in three months or has an item, and an account in their currency, by key'
);
select is(
    core.night_next('Pacific/Kiritimati', '2026-01-01', null, 9), '{-2}'::bigint[],
    'a booking after the day is not looked at'
);
select is(
    core.night_next('Pacific/Kiritimati', '2026-01-02', null, 1), '{-5}'::bigint[],
    'as many as are asked for'
);
select is(
    core.night_next('Pacific/Kiritimati', '2026-01-02', -5, 9), '{-2}'::bigint[], 'after a key'
);
insert into data.forecast_runs (user_id, as_of, days, fault) values (-2, '2026-01-02', 1, 'none');
select is(
    core.night_next('Pacific/Kiritimati', '2026-01-02', -5, 9), '{}'::bigint[],
    'who has a run of the day is done'
);
update data.accounts set is_active = false where user_id = -5;
select is(
    core.night_next('Pacific/Kiritimati', '2026-01-02', null, 9), '{}'::bigint[],
    'without an active account nothing is expected'
);
update data.users set is_active = false where id = -2;
select is(
    core.night_next('Pacific/Kiritimati', '2026-01-01', null, 9), '{}'::bigint[],
    'who is put away is not looked at, as no alert looks at them'
);

select * from finish();
