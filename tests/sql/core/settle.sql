select plan(4);
\ir _import.sql

select pg_temp.stage(1, '[
    [2, "-1", "2026-01-01", "a", {"account": "Card"}],
    [3, "-1", "2026-01-01", "b", {"account": "euros", "currency": "EUR"}],
    [4, "-1", "2026-01-01", "c", {"account": "Nobody"}],
    [5, "-1", "2026-01-01", "d", {"account": "Card", "currency": "EUR"}]
]');
select core.settle_accounts(-1, 1);
select is(
    (
        select string_agg(coalesce(account_id::text, '-'), ' ' order by row_no)
        from data.staged_rows where user_id = -1 and import_id = 1
    ),
    '2 3 - 2', 'a file of several accounts goes where each row says, whatever was asked'
);
select is(
    pg_temp.found(1), 'new, new, account, currency',
    'no account of that name, or another currency: the row is bad'
);

select pg_temp.stage(2, '[[2, "-1", "2026-01-01", "a", {"account": "Card"}]]');
select core.settle_accounts(-1, 2);
select is(
    (select account_id from data.staged_rows where user_id = -1 and import_id = 2), 1::bigint,
    'a file of one account goes where it was asked for'
);

select pg_temp.stage(3, '[[2, "-1", "2026-01-01", "a"]]');
update data.statement_imports set account_id = null where user_id = -1 and id = 3;
update data.staged_rows set account_id = null where user_id = -1 and import_id = 3;
select core.settle_accounts(-1, 3);
select is(
    (select fault from data.staged_rows where user_id = -1 and import_id = 3),
    'the file names no account: say account_id', 'nobody guesses one of three accounts'
);

select * from finish();
