select plan(11);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0),
    (-1, 3, 'Euros', 'EUR', '2025-01-01', 0, 0),
    (-1, 4, 'Cash', 'USD', '2025-01-01', 0, 0);
create temporary table moved as
select core.transfer_add(-1, 1, 2, 30, '2025-01-02', 'aside') as id;
select core.transfer_add(-1, 2, 1, 5, '2025-01-05', 'back');

select results_eq(
    $$
        select amount, description, from_account_id, to_account_id
        from core.legs_page(-1, '2200-12-31', 1, 9)
    $$,
    $$ values (5.00, 'back', 2::bigint, 1::bigint), (30.00, 'aside', 1, 2) $$,
    'transfers are listed newest first'
);
select is(
    (select count(*) from core.legs_page(-1, '2025-01-05', 1, 9)), 1::bigint,
    'from a place onward'
);
select is(
    core.legs_json(-1, (select id from moved)) ->> 'amount', '30.00', 'one is found by its key'
);
select is(
    core.legs_json(-1, (select id from moved) + 1)::text, null, 'the key of the other leg is none'
);
select is(
    core.legs_edit(-1, (select id from moved), 40, '2025-01-03', null),
    (select id from moved), 'both legs are edited at once'
);
select results_eq(
    $$
        select amount, transaction_date, description from data.transactions
        where transfer_id = (select id from moved) order by amount
    $$,
    $$ values (-40.00, date '2025-01-03', 'aside'), (40.00, '2025-01-03', 'aside') $$,
    'with opposite signs'
);
select results_eq(
    'select current_balance from data.accounts where user_id = -1 and id in (1, 2) order by id',
    'values (65.00), (35.00)', 'and both balances follow'
);
select throws_ok(
    $$ select core.legs_edit(-1, (select id from moved), 41, null, null, 1) $$, 'PT412',
    'This was edited meanwhile: read it again', 'in the version that was read'
);
select throws_ok(
    $$ select core.legs_lock(-2, (select id from moved), null) $$, 'PT404', 'No such transfer',
    'by its owner alone'
);
select core.legs_part(-1, (select id from moved));
select is(
    (select count(*) from data.transactions where user_id = -1 and transfer_id is null),
    2::bigint, 'taken apart, both bookings stay'
);
select ok(core.legs_shape() ?& array['amount', 'arriving_id'], 'what is said is published');

select * from finish();
