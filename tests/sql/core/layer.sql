select plan(11);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01');

create function pg_temp.paid(_goal jsonb, _as_of date default '2026-01-15')
returns text language sql as $$
    select string_agg(to_char(paid.on_day, 'MM-DD') || ' ' || paid.net_cents, ', '
        order by paid.on_day)
    from core.layer_goal(-1, _goal, _as_of, '2026-06-30', '{1}') as paid;
$$;

select is(
    pg_temp.paid('{"target": 100, "saved": 20, "monthly": 30, "from_on": "2026-01-31"}'),
    '01-31 -3000, 02-28 -3000, 03-31 -2000', 'every month, cut to its end, and the rest at last'
);
select is(
    pg_temp.paid('{"target": 60, "monthly": 30}'), '01-15 -3000, 02-15 -3000',
    'from as_of on when no day is named; no rest, no last part'
);
select is(
    pg_temp.paid('{"target": 60, "monthly": 30, "from_on": "2025-10-20"}'),
    '01-20 -3000, 02-20 -3000', 'what is past is in what is saved'
);
select is(pg_temp.paid('{"target": 60, "saved": 60, "monthly": 30}'), null, 'reached is reached');
select is(
    pg_temp.paid('{"target": 60, "monthly": 30, "account_id": 2}'), null,
    'money of an account that is not covered leaves nothing'
);
select is(
    (
        select array_agg(bought.on_day) from core.layer_purchase(
            '{"amount": -5, "on_day": "2026-01-15", "account_id": 1}', '2026-01-15', '2026-01-20',
            '{1}'
        ) as bought
    ),
    '{2026-01-15}', 'a purchase on the first day counts'
);
select is_empty(
    $$ select core.layer_purchase(
        '{"amount": -5, "on_day": "2026-01-14"}', '2026-01-15', '2026-01-20', '{1}'
    ) $$,
    'one of yesterday does not'
);
select throws_ok(
    $$ select core.layer_check(-1, 'purchases', '{"amount": 5, "on_day": "2026-01-14"}') $$,
    'PT422', 'The amount of a purchase is negative', 'spending is negative'
);
select throws_ok(
    $$ select core.layer_check(-1, 'paused', '{"from_on": "2026-01-14", "to_on": "2026-01-13"}') $$,
    'PT422', 'to_on is before from_on', 'a pause goes forward'
);
select throws_ok(
    $$ select core.layer_check(-1, 'goals', '{"target": 5, "monthly": 1, "account_id": 9}') $$,
    'PT404', 'No such account', 'a goal takes from an account of one''s own'
);
select throws_ok(
    $$ select core.layer_count(jsonb_build_object(
        'removed', to_jsonb(array_fill(1, array[50])), 'balance', 5
    )) $$,
    'PT422', 'A scenario holds at most 50 changes', 'fifty, the balance among them'
);

select * from finish();
