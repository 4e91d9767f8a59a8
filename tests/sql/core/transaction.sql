select plan(40);

insert into data.users (id, currency, timezone)
values (-1, 'USD', 'America/New_York'), (-2, 'USD', 'America/New_York');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);

insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values (-1, 7, 'expense', 'Rent', -5, 1, 'monthly', '2025-01-01', '2025-01-01');

create temporary table booked as
select core.transaction_add(
    -1, 1, -12.5, '2025-01-02', 'Coffee', _external_id => 'b1', _recurring_item_id => 7
) as id;

create function pg_temp.balances() returns numeric[] language sql as $$
    select array_agg(current_balance order by id) from data.accounts where user_id = -1;
$$;
create function pg_temp.edit(_patch jsonb, _user_id bigint default -1)
returns bigint language sql as $$
    select core.transaction_edit(
        _user_id, (select id from booked), _patch, (_patch ->> 'account_id')::bigint,
        (_patch ->> 'amount')::numeric, null, _patch ->> 'description', _patch ->> 'comment', null,
        null, (_patch ->> 'is_pending')::boolean, (_patch ->> 'recurring_item_id')::bigint
    );
$$;

select is(pg_temp.balances(), '{87.50,0.00}', 'a booking moves its account');
select throws_ok(
    $$ select core.transaction_add(-1, 1, -12.5, '2025-01-02', 'Coffee', _external_id => 'b1') $$,
    'PT409', 'This account has a booking with that external_id', 'the bank''s number is booked once'
);
select lives_ok(
    $$ select core.transaction_add(-1, 2, 1, '2025-01-02', 'Tip', _external_id => 'b1') $$,
    'once per account'
);
select throws_ok(
    $$ select core.transaction_add(-1, 3, 1, '2025-01-02', 'x') $$, 'PT404', 'No such account',
    'an account must be there'
);
select throws_ok(
    $$ select core.transaction_add(-2, 1, 1, '2025-01-02', 'x') $$, 'PT404', 'No such account',
    'and the caller''s'
);
select throws_ok(
    $$ select core.transaction_add(-1, 1, 1, '2025-01-02', 'x', _recurring_item_id => 8) $$,
    'PT404', 'No such recurring item', 'as must a recurring item'
);
select throws_ok(
    $$ select core.transaction_add(-1, 1, 999999999999.99, '2025-01-02', 'x') $$, 'PT422',
    'The balance of the account would pass 999999999999.99',
    'a balance that would not fit is refused'
);
select is(pg_temp.balances(), '{87.50,1.00}', 'what was refused moved nothing');

select lives_ok($$ select pg_temp.edit('{"amount": -20}') $$, 'another amount');
select is(pg_temp.balances(), '{80.00,1.00}', 'moves the account by the difference');
select throws_ok(
    $$ select pg_temp.edit('{"account_id": 2, "amount": -30}') $$, 'PT409',
    'That account has a booking with this external_id',
    'no booking goes where its number is taken'
);
select lives_ok(
    $$ select core.transaction_drop(-1, max(id)) from data.transactions where user_id = -1 $$,
    'until that one is gone'
);
select lives_ok($$ select pg_temp.edit('{"account_id": 2, "amount": -30}') $$, 'another account');
select is(pg_temp.balances(), '{100.00,-30.00}', 'gives back to the one and takes from the other');
select lives_ok($$ select pg_temp.edit('{"comment": "c"}') $$, 'a comment');
select is(pg_temp.balances(), '{100.00,-30.00}', 'moves nothing');
select is(
    core.ledger_json(-1, (select id from booked)) ->> 'description', 'Coffee',
    'absent keeps'
);
select lives_ok($$ select pg_temp.edit('{"comment": null, "recurring_item_id": null}') $$, 'null');
select is(
    core.ledger_json(-1, (select id from booked)) ->> 'recurring_item_id', null, 'clears a link'
);
select throws_ok(
    $$ select pg_temp.edit('{"amount": null}') $$, 'PT422', 'amount cannot be cleared',
    'but never an amount'
);
select throws_ok(
    $$ select pg_temp.edit('{"account_id": 3}') $$, 'PT404', 'No such account',
    'nor does a booking go where no account is'
);
select throws_ok(
    $$ select pg_temp.edit('{}', -2) $$, 'PT404', 'No such transaction', 'a stranger edits nothing'
);
select throws_ok(
    $$ select core.transaction_drop(-2, (select id from booked)) $$, 'PT404',
    'No such transaction', 'and drops nothing'
);
select is(core.ledger_json(-1, (select id from booked)) ->> 'version', '5', 'each edit counts');
select throws_ok(
    $$ select core.transaction_edit(-1, (select id from booked), '{}', null, 9, null, null, null,
        null, null, null, null, 4) $$,
    'PT412', 'This was edited meanwhile: read it again', 'and says which version it means'
);
select throws_ok(
    $$ select core.transaction_drop(-1, (select id from booked), 4) $$, 'PT412',
    'This was edited meanwhile: read it again', 'as a drop does'
);
select is(
    core.transaction_drop(-1, (select id from booked)), (select id from booked), 'its owner does'
);
select is(pg_temp.balances(), '{100.00,0.00}', 'and the account has its money back');
select throws_ok(
    $$ select core.transaction_drop(-1, (select id from booked)) $$, 'PT404',
    'No such transaction', 'once'
);
select is_empty($$ select * from core.balance_faults(-1) $$, 'every balance is its sum');

insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 31, 'From', 'USD', '2025-01-01'), (-1, 32, 'To', 'USD', '2025-01-01');
create function pg_temp.move_field() returns text language plpgsql as $$
declare
    v_field text;
begin
    perform core.transaction_edit(
        -1, booking.id, '{}', 32, null, null, null, null, null, null, null, null
    )
    from data.transactions as booking
    where booking.user_id = -1 and booking.account_id = 31;
    return 'taken';
exception when others then
    get stacked diagnostics v_field = column_name;
    return sqlstate || ' ' || v_field;
end;
$$;
select core.transaction_add(-1, account_id, 1, '2025-01-02', 'x', _external_id => 'twice')
from unnest('{31,32}'::bigint[]) as account_id;

select is(
    pg_temp.move_field(), 'PT409 account_id',
    'a booking does not move to an account that has its external_id'
);
select is(
    (select array_agg(current_balance order by id) from data.accounts where id in (31, 32)),
    '{1.00,1.00}', 'and no balance moved'
);

create temporary table tagged as
select core.clock_read(-1) as before, core.transaction_add(
    -1, 32, -3, '2025-01-03', 'Lunch', _tags => '{work,noon}'
) as id;
create function pg_temp.stamp() returns bigint[] language sql as $$
    select array[booking.change_no - tagged.before, core.clock_read(-1) - tagged.before]
    from tagged
    inner join data.transactions as booking on booking.user_id = -1 and booking.id = tagged.id;
$$;
create function pg_temp.tag(_patch jsonb, _tags text[] default null)
returns text language sql as $$
    select core.transaction_edit(
        -1, id, _patch, null, null, null, null, null, null, null, null, null, _tags => _tags
    )
    from tagged;
    select core.ledger_json(-1, id) ->> 'tags' from tagged;
$$;
select is(pg_temp.stamp(), '{1,1}', 'an added booking has the number of its write');
select is(pg_temp.tag('{}'), '["work","noon"]', 'tags stay in the order given');
select is(pg_temp.stamp(), '{2,2}', 'an edit has the next number');
select is(pg_temp.tag('{"tags": ["x"]}', '{x}'), '["x"]', 'other tags take their place');
select is(pg_temp.tag('{"tags": null}'), '[]', 'null clears them');
select core.transaction_drop(-1, id) from tagged;
select results_eq(
    $$ select dropped.change_no - tagged.before, dropped.amount, dropped.description
       from tagged
       inner join data.dropped_transactions as dropped
           on dropped.user_id = -1 and dropped.id = tagged.id $$,
    $$ values (5::bigint, -3.00, 'Lunch') $$, 'what was dropped is remembered with its number'
);

create temporary table parted as
select core.transaction_add(-1, 1, -20, '2025-02-03', 'market') as id;
select core.split_set(-1, (select id from parted), '[{"amount": -15}, {"amount": -5}]');
select throws_ok(
    $$
        select core.transaction_edit(
            -1, (select id from parted), '{"amount": -21}', null, -21, null, null, null, null, null,
            null, null
        )
    $$,
    'PT409', 'A split transaction is changed by its parts', 'parts hold the amount'
);
select core.transaction_edit(
    -1, (select id from parted), '{"transaction_date": "2025-02-04"}', null, null, '2025-02-04',
    null, null, null, null, null, null
);
select is(
    (select min(transaction_date) from data.transaction_splits where user_id = -1),
    date '2025-02-04', 'and follow its day'
);

select * from finish();
