select plan(22);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');

create temporary table opened as
select
    core.account_add(-1, 'Checking', _opening_balance => 10.5, _opened_on => '2025-01-01') as id,
    core.account_add(-1, 'Savings', 'savings', 'EUR') as other_id;

select results_eq(
    $$ select name, type, currency, opening_balance, current_balance, opened_on
       from core.account_page(-1, 0, 10) order by id $$,
    $$ values ('Checking', 'checking', 'USD', 10.50, 10.50, '2025-01-01'::date),
              ('Savings', 'savings', 'EUR', 0.00, 0.00, core.user_today(-1)) $$,
    'an account opens with its balance, the owner''s currency and the owner''s today'
);
select is(
    (select count(*) from core.account_page(-1, (select id from opened), 10)), 1::bigint,
    'a page goes on behind a key'
);
select is(
    core.account_json(-1, (select id from opened)) ->> 'opening_balance', '10.50',
    'money keeps its decimals in json'
);
select is(core.account_json(-2, (select id from opened))::text, null, 'a stranger sees nothing');
select ok(
    core.account_check(-1, (select id from opened), 'account_id'),
    'your own account is known'
);
select throws_ok(
    $$ select core.account_check(-2, (select id from opened), 'account_id') $$, 'PT404',
    'No such account', 'nobody else''s is'
);

create function pg_temp.edit(_user_id bigint, _patch jsonb, _opening_balance numeric default null)
returns bigint language sql as $$
    select core.account_edit(
        _user_id, (select id from opened), _patch, _patch ->> 'name', null, null,
        _opening_balance, null, _patch ->> 'bank_name', null, (_patch ->> 'is_active')::boolean
    );
$$;

select lives_ok($$ select pg_temp.edit(-1, '{"bank_name": "B"}', 20.25) $$, 'a patch is taken');
select results_eq(
    $$ select name, bank_name, opening_balance, current_balance from core.account_page(-1, 0, 1) $$,
    $$ values ('Checking', 'B', 20.25, 20.25) $$,
    'another opening balance moves the balance; what is not named stays'
);
select lives_ok($$ select pg_temp.edit(-1, '{"bank_name": null}') $$, 'null clears');
select is((select bank_name from core.account_page(-1, 0, 1)), null, 'what may be empty');
select throws_ok(
    $$ select pg_temp.edit(-1, '{"name": null}') $$, 'PT422', 'name cannot be cleared',
    'and nothing else'
);
select throws_ok(
    $$ select pg_temp.edit(-2, '{}') $$, 'PT404', 'No such account', 'a stranger edits nothing'
);

select lives_ok(
    $$ select core.transaction_add(-1, (select id from opened), 1, '2025-01-02', 'x') $$, 'booked'
);
select throws_ok(
    $$ select core.account_drop(-1, (select id from opened)) $$, 'PT409',
    'Bookings, plans or rules use this account: set is_active to false',
    'an account with a history stays'
);
select throws_ok(
    $$ select core.account_drop(-2, (select other_id from opened)) $$, 'PT404', 'No such account',
    'a stranger drops nothing'
);
select is(
    (select version from core.account_page(-1, 0, 1)), 3, 'two edits, and no booking, raised it'
);
select throws_ok(
    $$ select core.account_edit(-1, (select id from opened), '{}', null, null, null, null, null,
        null, null, null, _if_match => 2) $$,
    'PT412', 'This was edited meanwhile: read it again', 'an edit of an earlier version is refused'
);
select lives_ok(
    $$ select core.account_edit(-1, (select id from opened), '{}', null, null, null, null, null,
        null, null, null, _if_match => 3) $$,
    'one of the version that stands is not'
);
select throws_ok(
    $$ select core.account_drop(-1, (select other_id from opened), 2) $$, 'PT412',
    'This was edited meanwhile: read it again', 'nor is another version dropped'
);
select is(
    core.account_drop(-1, (select other_id from opened)), (select other_id from opened),
    'one without a history goes'
);
select is((select count(*) from core.account_page(-1, 0, 10)), 1::bigint, 'for good');
select is_empty($$ select core.shape_faults(core.account_shape()) $$, 'its shape is a shape');

select * from finish();
