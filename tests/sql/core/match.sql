select plan(8);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0),
    (-1, 3, 'Euros', 'EUR', '2025-01-01', 0, 0),
    (-1, 4, 'Cash', 'USD', '2025-01-01', 0, 0);
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description
)
values
    (-1, 10, 1, -50, '2025-01-10', 'out'),
    (-1, 11, 2, 50, '2025-01-12', 'in, two days later'),
    (-1, 12, 4, 50, '2025-01-13', 'in, three days later'),
    (-1, 20, 1, -60, '2025-01-10', 'out'),
    (-1, 21, 2, 60, '2025-01-11', 'in'),
    (-1, 22, 4, 60, '2025-01-11', 'in elsewhere the same day'),
    (-1, 30, 1, -70, '2025-01-10', 'out'),
    (-1, 31, 3, 70, '2025-01-10', 'in, another currency'),
    (-1, 40, 1, -80, '2025-01-10', 'out'),
    (-1, 41, 2, 80, '2025-01-15', 'in, five days later'),
    (-1, 50, 1, -90, '2025-01-10', 'out'),
    (-1, 51, 1, -90, '2025-01-10', 'out'),
    (-1, 52, 2, 90, '2025-01-10', 'in'),
    (-1, 53, 2, 90, '2025-01-10', 'in'),
    (-1, 60, 1, -5, '2025-01-10', 'nothing like it');

select results_eq(
    $$
        select id, partner_id, days_apart, verdict
        from core.match_rows(-1, '2025-01-01', '2025-01-31') where abs(cents) = 5000
    $$,
    $$
        values
            (10::bigint, 11::bigint, 2, 'matched'), (11, 10, 2, 'matched'), (12, null, 3, 'taken')
    $$,
    'the nearest day wins, and each leg counts once'
);
select results_eq(
    $$
        select id, verdict from core.match_rows(-1, '2025-01-01', '2025-01-31')
        where abs(cents) = 6000
    $$,
    $$ values (20::bigint, 'ambiguous'), (21, 'ambiguous'), (22, 'ambiguous') $$,
    'two accounts on one day are left to the owner'
);
select results_eq(
    $$
        select id, verdict from core.match_rows(-1, '2025-01-01', '2025-01-31')
        where abs(cents) = 7000
    $$,
    $$ values (30::bigint, 'currency'), (31, 'currency') $$, 'currencies are not mixed'
);
select is(
    (
        select count(*) from core.match_rows(-1, '2025-01-01', '2025-01-31')
        where abs(cents) in (8000, 500)
    ),
    0::bigint, 'five days are too far, and what has no counterpart is not spoken of'
);
select results_eq(
    $$
        select id, partner_id from core.match_rows(-1, '2025-01-01', '2025-01-31')
        where abs(cents) = 9000
    $$,
    'values (50::bigint, 52::bigint), (51, 53), (52, 50), (53, 51)', 'two alike are two transfers'
);
select is(
    (select count(*) from core.match_take(-1, '2025-01-01', '2025-01-31', null)), 12::bigint,
    'without a number of a write it only looks'
);
select is(
    (
        select count(*) from core.match_take(-1, '2025-01-01', '2025-01-31', 5)
        where verdict = 'matched'
    ),
    6::bigint, 'with one it writes'
);
select results_eq(
    $$
        select transfer_id, count(*), sum(amount), min(change_no)
        from data.transactions where transfer_id is not null group by 1 order by 1
    $$,
    'values (10::bigint, 2::bigint, 0.00, 5::bigint), (50, 2, 0.00, 5), (51, 2, 0.00, 5)',
    'both legs of each pair'
);

select * from finish();
