select plan(4);
\ir _import.sql

insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 1, 1, -3, '2026-01-05', 'Coffee');
select pg_temp.stage(1, '[
    [2, "-3", "2026-01-05", "Coffee"], [3, "x", "2026-01-05", "bad"], [4, "-4", "2026-01-05", "a"],
    [5, "-5", "2026-01-05", "b"]
]');
select core.pair_all(-1, 1, false);
select results_eq(
    'select * from core.finding_counts(-1, 1)',
    'values (2::bigint, 1::bigint, 1::bigint, 0::bigint)', 'every row comes to something'
);
select is(
    core.finding_json(-1, 1, 1)::jsonb #>> '{duplicate,0,booking,id}', '1',
    'a duplicate says of which booking'
);
select is(
    (core.finding_json(-1, 1, 1)::jsonb -> 'rejected'),
    '[{"line": 3, "text": "x", "column": "amount",
       "reason": "not an amount with at most two decimals"}]',
    'a bad row says line, column, reason, and what stood there'
);
select is(
    jsonb_array_length(core.finding_json(-1, 1, 1)::jsonb -> 'new'), 1,
    'a report holds the first rows of each kind'
);

select * from finish();
