select plan(24);

insert into data.users (id, currency, timezone)
values (-1, 'USD', 'America/New_York'), (-2, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);

create temporary table added as
select core.recurring_add(-1, 'expense', 'Rent', -1200, 1, 'monthly', '2025-01-31') as id;

select is(
    core.item_json(-1, (select id from added)) ->> 'expected_from', core.user_today(-1)::text,
    'nothing before today counts as overdue, unless it is said'
);
select throws_ok(
    $$ select core.recurring_add(-1, 'expense', 'Rent', 1200, 1, 'monthly', '2025-01-31') $$,
    'PT422', 'The amount of an expense is negative', 'a rule must be sound'
);
select throws_ok(
    $$ select core.recurring_add(-2, 'expense', 'Rent', -1200, 1, 'monthly', '2025-01-31') $$,
    'PT404', 'No such account', 'and on an account of its owner'
);
select lives_ok(
    $$ select core.recurring_edit(-1, (select id from added),
        '{"kind": "income", "amount": 7.5, "month_days": [1, -1], "user_id": -9, "id": 4}') $$,
    'what only makes sense together changes together'
);
select results_eq(
    $$ select kind, amount, month_days, name from core.item_page(-1, 0, 9) $$,
    $$ values ('income', 7.50, array[1, -1], 'Rent') $$, 'absent keeps'
);
select throws_ok(
    $$ select core.recurring_edit(-1, (select id from added), '{"kind": "expense"}') $$, 'PT422',
    'The amount of an expense is negative', 'the merged rule must be sound'
);
select throws_ok(
    $$ select core.recurring_edit(-1, (select id from added), '{"name": null}') $$, 'PT422',
    'name cannot be cleared', 'a name is there'
);
select lives_ok(
    $$ select core.recurring_edit(-1, (select id from added), '{"month_days": null}') $$,
    'null clears'
);
select is((select month_days from core.item_page(-1, 0, 9)), null, 'what may be empty');
select throws_ok(
    $$ select core.recurring_edit(-2, (select id from added), '{}') $$, 'PT404',
    'No such recurring item', 'a stranger edits nothing'
);

insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, recurring_item_id
)
select -1, 1, 1, 0, '2025-01-31', 'posted', id from added;

select throws_ok(
    $$ select core.recurring_drop(-2, (select id from added)) $$, 'PT404',
    'No such recurring item', 'a stranger drops nothing'
);
select throws_ok(
    $$ select core.recurring_edit(-1, (select id from added), '{"version": 9}', 9) $$, 'PT412',
    'This was edited meanwhile: read it again', 'an edit of another version is refused'
);
select lives_ok(
    $$ select core.recurring_edit(-1, (select id from added), '{"version": 9}', 3) $$,
    'one of the version that stands is not, whatever its body says'
);
select throws_ok(
    $$ select core.recurring_drop(-1, (select id from added), 3) $$, 'PT412',
    'This was edited meanwhile: read it again', 'nor is another version dropped'
);
select is(
    core.recurring_drop(-1, (select id from added)), (select id from added), 'its owner does'
);
select is(
    core.ledger_json(-1, 1) ->> 'recurring_item_id', null, 'what was posted stays, unlinked'
);
select is(core.ledger_json(-1, 1) ->> 'version', '2', 'which is an edit of it');

insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 3, 'Crowns', 'CZK', '2025-01-01');
create function pg_temp.field_of(_statement text) returns text language plpgsql as $$
declare
    v_field text;
begin
    execute _statement;
    return 'taken';
exception when others then
    get stacked diagnostics v_field = column_name;
    return sqlstate || ' ' || v_field;
end;
$$;
create temporary table signed as
select core.recurring_add(-1, 'expense', 'Rent', -100, 1, 'monthly', '2025-01-31') as id;
select core.exception_add(-1, id, '2025-02-28', 'amount', null, -150) from signed;

select is(
    pg_temp.field_of($$ select core.recurring_edit(
        -1, (select id from signed), '{"kind": "income", "amount": 100}'
    ) $$),
    'PT409 kind', 'an exception keeps the sign of the kind'
);
select lives_ok(
    $$ select core.exception_drop(-1, signed.id, exception.id)
       from signed cross join lateral core.exception_page(-1, signed.id, '1900-01-01', 9)
           as exception $$,
    'without it'
);
select is(
    pg_temp.field_of($$ select core.recurring_edit(
        -1, (select id from signed), '{"kind": "income", "amount": 100}'
    ) $$),
    'taken', 'the kind may change'
);
select is(
    pg_temp.field_of($$ select core.recurring_add(
        -1, 'transfer', 'Save', 5, 1, 'monthly', '2025-01-31', 3
    ) $$),
    'PT422 to_account_id', 'a transfer stays in one currency'
);
select is(
    pg_temp.field_of($$ select core.recurring_edit(
        -1, (select id from signed), '{"kind": "transfer", "to_account_id": 3}'
    ) $$),
    'PT422 to_account_id', 'when it is edited too'
);

insert into data.recurring_items (
    user_id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
select -1, 'income', 'Coin ' || n, 1, 1, 'monthly', '2025-01-01', '2025-01-01'
from generate_series(1, 999) as n;

select is(
    pg_temp.field_of($$ select core.recurring_add(
        -1, 'income', 'One more', 1, 1, 'monthly', '2025-01-31'
    ) $$),
    'PT409 is_active', 'a thousand active items are the most'
);
select is(
    pg_temp.field_of($$ select core.recurring_edit(
        -1,
        core.recurring_add(
            -1, 'income', 'Put away', 1, 1, 'monthly', '2025-01-31', _is_active => false
        ),
        '{"is_active": true}'
    ) $$),
    'PT409 is_active', 'and nobody comes in by an edit'
);

select * from finish();
