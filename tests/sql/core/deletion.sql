select plan(7);

insert into data.users (id) values (-1), (-2);
insert into data.user_emails (email, user_id) values ('ann@example.org', -1);
select core.account_add(-1, 'Checking', 'checking', 'USD', 10, '2026-01-01', null, null);
select core.account_add(-1, 'Savings', 'savings', 'USD', 10, '2026-01-01', null, null);
-- Everything that is filed under a subcategory, and everything that hangs on a booking.
select core.category_copy('{-1}');
create temporary table things as
select
    (select min(id) from data.accounts where user_id = -1) as account_id,
    (select max(id) from data.accounts where user_id = -1) as other_id,
    core.category_find(-1, 'Rent') as rent,
    core.category_find(-1, 'Groceries') as food;
create temporary table booked as
select core.transaction_add(
    -1, account_id, -20, '2026-02-01', 'market', _subcategory_id => food
) as id
from things;
insert into booked
select core.transaction_add(-1, account_id, -20, '2026-02-02', 'house', _tags => '{home}')
from things;
select core.split_set(
    -1, max(booked.id),
    jsonb_build_array(
        jsonb_build_object('amount', -15, 'subcategory_id', min(things.rent)),
        jsonb_build_object('amount', -5, 'subcategory_id', min(things.food))
    )
)
from booked cross join things;
select core.note_add(-1, min(id), 'a note') from booked;
select core.transfer_add(-1, account_id, other_id, 5, '2026-02-03', 'aside') from things;
insert into data.recurring_items (
    user_id, kind, name, amount, account_id, subcategory_id, frequency, anchor_on, expected_from
)
select -1, 'expense', 'Rent', -9, account_id, rent, 'monthly', '2026-01-01', '2026-01-01'
from things;
insert into data.transaction_rules (user_id, name, texts, subcategory_id, position)
select -1, 'food', '{market}', food, 1 from things;
select core.ruleset_run(-1, array_agg(id), core.clock_tick(-1), 'on demand') from booked;
with periods as (
    insert into data.budget_periods (user_id, kind, starts_on, ends_on)
    values (-1, 'monthly', '2026-02-01', '2026-02-28')
    returning id
)
select core.allocation_add(
    -1, core.budget_add(-1, periods.id, 'February', null, 'left'), food, 50
)
from periods cross join things;
select core.session_issue(-1, sha256('a'), interval '1 hour');
select core.grant_add(-1, 'coach@example.org', '{forecast}', null);
select core.reset_ask('ann@example.org', null);

select is(core.deletion_run(-1), true, 'a user can go');
select is_empty($$ select from data.users where id = -1 $$, 'and is gone');
select is_empty(
    $$ select from data.user_emails where email = 'ann@example.org' $$, 'the address is free'
);
select results_eq(
    $$ select template, recipient from data.messages where user_id = -1 $$,
    $$ values ('account_deleted', 'ann@example.org') $$, 'one mail is left to send'
);
select results_eq(
    $$ select event_type, ip_address, user_agent, event_details, phone_number
       from data.verification_audit_log where user_id = -1 and event_type = 'account_deleted' $$,
    $$ values ('account_deleted', null::inet, null::text, '{}'::jsonb, null::text) $$,
    'and one line that says so, of nobody'
);
select is_empty(
    $$ select from core.export_tables() as source
       cross join lateral core.export_rows(
           -1, source.relation, source.owner, source.keys, source.types, null, 1
       ) as line
       where source.relation <> 'data.verification_audit_log' $$,
    'nothing else is left in any table'
);
select throws_ok(
    $$ select core.deletion_run(-1) $$, 'PT404', 'No such user', 'nobody can go twice'
);

select * from finish();
