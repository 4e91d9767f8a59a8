select plan(8);
\ir _import.sql

insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, is_pending
)
values (-1, 900001, 1, -3, '2026-01-05', 'pending', true);
update data.accounts set current_balance = 97 where user_id = -1 and id = 1;
select pg_temp.stage(1, '[
    [2, "-3.50", "2026-01-06", "pending"], [3, "-4", "2026-01-06", "a"],
    [4, "-5", "2026-01-07", "b"]
]');
select core.close_run(-1, 1, null, 9);
update data.transactions set comment = 'mine', change_no = 10
where user_id = -1 and description = 'b';

select results_eq(
    'select dropped_count, restored_count, cardinality(kept_ids) from core.undo_run(-1, 1, 11)',
    'values (1::bigint, 1::bigint, 1)', 'what nobody touched goes, the rest is told'
);
select results_eq(
    $$ select amount, transaction_date, is_pending
       from data.transactions where user_id = -1 and id = 900001 $$,
    $$ values (-3.00, date '2026-01-05', true) $$, 'what was pending is pending again'
);
select is_empty('select * from core.balance_faults(-1)', 'no balance is wrong');
select is(
    (select is_undone from data.dropped_transactions where user_id = -1), true,
    'phones hear of it'
);
select throws_ok('select core.undo_run(-1, 1, 12)', 'PT409', null, 'once');
select pg_temp.stage(2, '[[3, "-4", "2026-01-06", "a"], [4, "-5", "2026-01-07", "b"]]');
select core.pair_all(-1, 2, false);
select ok(pg_temp.found(2) ~ '^new, same', 'the file may come again');

-- A rule waited for the other leg, which came in savings; the file posts its leg with the bank's
-- amount, and the rule links both in the same write.
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, is_pending
)
values
    (-1, 900005, 1, -70, '2026-03-05', 'to savings', true),
    (-1, 900006, 2, 77, '2026-03-06', 'from checking', false);
update data.accounts set current_balance = current_balance + case id when 1 then -70 else 77 end
where user_id = -1 and id in (1, 2);
insert into data.transaction_rules (user_id, id, position, name, texts, transfer_account_id)
values (-1, 1, 1, 'Saving', '{to savings}', 2);
select core.ruleset_run(-1, '{900005}', 13, 'demand');
select pg_temp.stage(3, '[
    [2, "-77", "2026-03-06", "to savings"], [3, "-1", "2026-03-06", "c"]
]');
select core.close_run(-1, 3, null, 14);
select is(
    (select array_agg(transfer_id order by id) from data.transactions
     where user_id = -1 and id in (900005, 900006)),
    '{900005,900005}', 'what a file posts may become a leg at once'
);
select core.undo_run(-1, 3, 15);
select is_empty(
    'select * from core.balance_oddities(-1)', 'a leg keeps the amount that the other leg has'
);

select * from finish();
