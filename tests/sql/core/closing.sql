select plan(3);
\ir _import.sql

insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values (-1, 1, -10, '2026-01-05', 'before'), (-1, 1, -5, '2026-02-05', 'after');
update data.accounts set current_balance = 85 where user_id = -1 and id = 1;
select pg_temp.stage(1, '[
    [2, "-1", "2026-01-31", "on the day"], [3, "-2", "2026-02-01", "later"]
]');
update data.statement_imports
set statements = '[
    {"account": null, "closing_balance": "50", "closing_on": "2025-12-31"},
    {"account": null, "closing_balance": "90", "closing_on": "2026-01-31"}
]'
where user_id = -1 and id = 1;
select is(
    core.closing_balances(-1, 1)::jsonb -> 0 ->> 'ledger_balance', '89.00',
    'the balance of the last closing day is what is booked until then, and what is new'
);
select is(
    core.closing_balances(-1, 1)::jsonb -> 0 ->> 'difference', '-1.00',
    'beside it stands how far the bank is away'
);

update data.statement_imports
set statements = '[
    {"account": null, "closing_balance": "999999999999999.999", "closing_on": "2026-01-31"}
]'
where user_id = -1 and id = 1;
select is(
    core.closing_balances(-1, 1)::jsonb -> 0 ->> 'file_balance', '1000000000000000.00',
    'a balance that no account could have is told as it is, and refuses no file'
);

select * from finish();
