select plan(7);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty
)
values
    (-1, 1, 1, -10, '2026-01-12', 'Plan', 'Gym'),
    (-1, 2, 1, -10, '2026-02-12', 'Plan', 'Gym'),
    (-1, 3, 1, -20, '2026-04-13', 'Plan', 'Gym'),
    (-1, 4, 1, -10, '2026-05-12', 'Plan', 'Gym'),
    (-1, 5, 1, -10, '2026-06-12', 'Plan', 'Gym'),
    (-1, 6, 1, -33, '2026-06-05', 'First', 'Club'),
    (-1, 7, 1, -33, '2026-06-05', 'Cash', null);

select results_eq(
    $$select unit, step, day, regular_count, exact_count, missed_count, trial_count, hits, ids
    from core.fit_rows(-1, '2026-06-20') where identity = 'payee gym' and way = 1$$,
    $$values ('month', 1, 12, 4::bigint, 4::bigint, 1::bigint, 5::bigint, 3.5::numeric,
        '{1,2,3,4,5}'::bigint[])$$,
    'four steps and one missed: three hits, and half a one for another amount'
);
select is(
    (select round(confidence::numeric, 4) from core.fit_rows(-1, '2026-06-20')
        where identity = 'payee gym' and way = 1),
    round((3.5 + 2 * 0.5) / (5 + 2), 4),
    'confidence is (hits + 2 * chance) / (trials + 2)'
);
select is(
    (select missed_count from core.fit_rows(-1, '2026-07-16')
        where identity = 'payee gym' and way = 1),
    2::bigint,
    'more than three days late is missed'
);
select is(
    (select confidence from core.fit_rows(-1, '2026-06-20') where identity = 'payee club'),
    0.5::numeric,
    'a payee seen once: its chance, one half when nothing is known'
);
select is(
    (select count(*) from core.fit_rows(-1, '2026-06-20') where identity like 'level%'),
    0::bigint,
    'nobody seen once is nothing'
);

insert into data.series_priors (learnt_on, direction, words, first_count, again_count)
values ('2026-06-01', -1, 'first', 98, 89), ('2026-06-01', 1, 'first', 98, 0);
select is(
    (select confidence from core.fit_rows(-1, '2026-06-20') where identity = 'payee club'),
    0.9::numeric,
    'what was learnt for its words and direction'
);
select is(
    (select confidence from core.fit_rows(-1, '2026-05-31') where identity = 'payee club'),
    null,
    'and nothing that comes later'
);

select * from finish();
