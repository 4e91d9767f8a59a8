select plan(1);

insert into data.users (id, reserve) values (-1, 50);
insert into data.accounts (user_id, id, name, currency, opened_on, current_balance)
values (-1, 1, 'Checking', 'USD', '2025-01-01', 100);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values (-1, 1, 'expense', 'Rent', -60, 1, 'once', '2026-03-03', '2026-03-01');

select results_eq(
    $$ select reserve_cents, opening_cents, p50_cents, below
       from core.outlook_rows('{-1}', '2026-03-01', 3) $$,
    $$ values (5000::bigint, 10000::bigint, '{10000,4000,4000}'::bigint[], '{0,1,1}'::numeric[]) $$,
    'the plan of the days that follow'
);

select * from finish();
