select plan(2);
\ir _import.sql

insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, is_pending
)
values
    (-1, 1, 1, -40, '2026-01-05', 'x', 'Diner', true),
    (-1, 2, 1, -40, '2026-01-05', 'x', 'Bar', true),
    (-1, 3, 1, -40, '2026-01-05', 'x', 'Cafe', true);
insert into data.transaction_splits (user_id, transaction_id, transaction_date, amount)
values (-1, 3, '2026-01-05', -40);
select pg_temp.stage(1, '[
    [2, "-48", "2026-01-07", "y", {"counterparty": "DINER"}],
    [3, "-51", "2026-01-07", "y", {"counterparty": "Bar"}],
    [4, "-44", "2026-01-07", "y", {"counterparty": "Cafe"}]
]');
select is(
    core.tip_run(-1, 1, '{1}', '2026-01-01', '2026-01-31'), 1::bigint,
    'one pending payment is found by its counterparty'
);
select is(
    pg_temp.found(1), 'pending_amount 1+, new, new',
    'a payment may grow by a quarter, and not when it is split'
);

select * from finish();
