select plan(9);

insert into data.users (id, currency) values (-1, 'USD');
insert into data.accounts (user_id, id, name, currency, opened_on, current_balance)
values (-1, 1, 'Checking', 'USD', '2025-01-01', 100);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values (-1, 1, 'expense', 'Rent', -400, 1, 'monthly', '2026-01-05', '2026-03-01');

create function pg_temp.states() returns text language sql as $$
    select string_agg(concat_ws(' ', status, on_day, shortfall, is_waiting), ', ' order by id)
    from data.alerts;
$$;

select is(core.unpaid_raise('{-1}', '2026-03-01'), 1, 'a bill without funds is told');
select results_eq(
    $$ select scope, on_day, account_id, recurring_item_id, amount, shortfall, currency,
           facts ->> 'name', facts ->> 'account', facts ->> 'balance'
       from data.alerts $$,
    $$ values ('bill', '2026-03-05'::date, 1::bigint, 1::bigint, -400.00, 300.00, 'USD',
        'Rent', 'Checking', '100.00') $$,
    'which, when, how much, from where, and what is missing'
);
update data.alerts set is_waiting = false, sent_at = now();
select is(core.unpaid_raise('{-1}', '2026-03-02'), 0, 'once');

update data.accounts set current_balance = 400 where user_id = -1;
select core.unpaid_raise('{-1}', '2026-03-02');
select is(pg_temp.states(), 'ended 2026-03-05 300.00 f', 'over when it is funded');
update data.accounts set current_balance = 350 where user_id = -1;
select is(core.unpaid_raise('{-1}', '2026-03-03'), 0, 'short again is the same bill');
select is(pg_temp.states(), 'open 2026-03-05 50.00 f', 'which is listed and not told twice');

update data.alerts set status = 'dismissed', dismissed_at = now();
select core.unpaid_raise('{-1}', '2026-03-04');
select is(pg_temp.states(), 'dismissed 2026-03-05 50.00 f', 'a dismissed one stays so');
insert into data.recurring_exceptions (user_id, recurring_item_id, occurrence_on, action)
values (-1, 1, '2026-03-05', 'skip');
select core.unpaid_raise('{-1}', '2026-03-04');
select is(pg_temp.states(), 'ended 2026-03-05 50.00 f', 'over when it is skipped');
update data.accounts set current_balance = 0 where user_id = -1;
select is(core.unpaid_raise('{-1}', '2026-04-01'), 1, 'the next month''s is another bill');

select * from finish();
