select plan(6);

insert into data.users (id, currency) values (-1, 'USD'), (-2, 'USD');
insert into data.accounts (
    user_id, id, name, currency, opened_on, number_masked, external_id, opening_balance,
    current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 'NL71RABO0123456789', null, 100, 100),
    (-1, 2, 'Card', 'USD', '2025-01-01', '****4321', 'bank-card', 0, 0),
    (-1, 3, 'Euros', 'EUR', '2025-01-01', null, null, 0, 0),
    (-2, 4, 'Theirs', 'USD', '2025-01-01', null, null, 0, 0);

select set_config('app.user_id', '-1', true);
select is(
    core.import_label(e'Caf\u00e9 \u2014 "No. 4"'), e'caf\u00e9\u2014no4'::text,
    'a label has no case, no spaces, no marks'
);
select is(core.import_label(null), ''::text, 'and is never null');
select ok(
    core.import_hash(-250, '2026-01-01', 'A b', null)
    = core.import_hash(-250, '2026-01-01', 'a B', ''),
    'rows of one label are alike'
);
select ok(
    core.import_hash(-250, '2026-01-01', 'a', 'b')
    <> core.import_hash(-250, '2026-01-01', 'ab', null),
    'texts do not run into each other'
);

insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 1, 1, -2, '2026-01-05', 'here'), (-1, 2, 1, -2, '2026-02-05', 'too late'),
       (-1, 3, 2, -2, '2026-01-05', 'elsewhere'), (-1, 4, 1, -2, '2026-01-05', 'taken');
insert into data.dropped_transactions (
    user_id, id, change_no, account_id, amount, transaction_date, description, is_undone
)
values
    (-1, 5, 1, 1, -2, '2026-01-05', 'dropped', false),
    (-1, 6, 1, 1, -2, '2026-01-05', 'undone', true);
insert into data.staged_rows (user_id, import_id, row_no, transaction_id) values (-1, 7, 1, 4);
select results_eq(
    $$ select transaction_id, is_manual, is_dropped
       from core.import_known(-1, 7, '{1}', '2026-01-01', '2026-01-31', false) order by 1 $$,
    $$ values (1::bigint, true, false), (5, false, true) $$,
    'known is what stands between the days and is nobody else''s, and what was dropped by itself'
);
select is(
    (
        select count(*)::integer
        from core.import_known(-1, 7, '{1}', '2026-01-01', '2026-01-31', true)
    ),
    1, 'what was dropped is not known to who restores'
);

select * from finish();
