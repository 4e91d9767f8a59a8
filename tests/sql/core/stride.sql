select plan(3);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from, occurrences
)
values
    (-1, 1, 'expense', 'Coffee', -3, 1, 'daily', '2026-01-05', '2026-01-01', 3),
    (-1, 2, 'expense', 'Rent', -10, 1, 'monthly', '2026-01-05', '2026-01-01', null);

select is(
    array(
        select occurrence_on
        from core.stride_dates(-1, '{1}', '{1}', '2026-01-01', '2026-01-31', true, null)
    ),
    '{2026-01-05,2026-01-06,2026-01-07}', 'days by step, and nothing that steps in months'
);
select is(
    (select count(*) from core.stride_dates(
        -1, '{1}', '{1}', '2026-01-01', '2026-01-31', false, null
    )),
    27::bigint, 'the count can be forgotten'
);
select is_empty(
    $$ select core.stride_dates(-1, '{1}', '{1}', '2026-01-01', '2026-01-31', true, 2) $$,
    'one item alone can be asked for'
);

select * from finish();
