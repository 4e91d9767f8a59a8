select plan(4);

insert into data.users (id, currency) values (-1, 'USD');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, external_id, is_pending,
    transfer_id
)
values
    (-1, 1, 1, -2, '2026-01-05', 'pending', 'A', true, null),
    (-1, 2, 1, -2, '2026-01-05', 'transfer', 'B', true, 2);
insert into data.staged_rows (
    user_id, import_id, row_no, account_id, external_id, amount, amount_cents, transaction_date
)
values
    (-1, 1, 1, 1, 'A', -2.5, -250, '2026-01-05'), (-1, 1, 2, 1, 'A', -2.5, -250, '2026-01-05'),
    (-1, 1, 3, 1, 'A', -7, -700, '2026-01-05'), (-1, 1, 4, 1, 'C', -7, -700, '2026-01-05');

select is(core.bankid_run(-1, 1, false), 1::bigint, 'one row is known under its id');
select is(
    (
        select string_agg(concat_ws(' ', rule, transaction_id, external_id), ', ' order by row_no)
        from data.staged_rows where user_id = -1
    ),
    'bank_id 1 A, bank_id_in_file A, , C', 'an id that comes again is its first row''s'
);
select is(
    core.bankid_posts(-1, 1, false, -2.5), true, 'what was pending is posted with another amount'
);
select is(
    core.bankid_posts(-1, 2, false, -2.5), false, 'and not when it is a leg of a transfer'
);

select * from finish();
