select plan(16);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Krona', 'SEK', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'All');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Food'), (-1, 20, 1, 'Rent'), (-1, 30, 1, 'Salary'), (-1, 40, 1, 'Fun');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, to_account_id, subcategory_id, frequency,
    anchor_on, expected_from
)
values
    (-1, 1, 'income', 'Salary', 2000, 1, null, 30, 'monthly', '2024-06-25', '2024-06-25'),
    (-1, 2, 'expense', 'Rent', -900, 1, null, 20, 'monthly', '2024-06-01', '2024-06-01'),
    (-1, 3, 'expense', 'Market', -40, 1, null, 10, 'weekly', '2024-12-31', '2024-12-31'),
    (-1, 4, 'expense', 'Loose', -1, 1, null, null, 'monthly', '2024-06-01', '2024-06-01'),
    (-1, 5, 'expense', 'Krona', -1, 2, null, 10, 'monthly', '2024-06-01', '2024-06-01'),
    (-1, 6, 'expense', 'Parking', -5.50, 1, null, 20, 'monthly', '2024-06-03', '2024-06-03'),
    (-1, 7, 'expense', 'Next year', -5, 1, null, 40, 'once', '2026-01-01', '2026-01-01');

create function pg_temp.field_of(
    _item bigint, _account bigint, _amount numeric, _frequency text, _next_on date
)
returns text language plpgsql as $$
declare
    v_field text;
begin
    perform core.origin_check(-1, _item, _account, _amount, _frequency, _next_on);
    return 'sound';
exception when others then
    get stacked diagnostics v_field = column_name;
    return sqlstate || ' ' || v_field;
end;
$$;

select is(pg_temp.field_of(1, null, null, null, null), 'sound', 'an item stands for itself');
select is(
    pg_temp.field_of(1, null, 5, null, null), 'PT422 amount', 'its amount is its own'
);
select is(
    pg_temp.field_of(2, null, null, null, null), 'PT404 recurring_item_id', 'an expense is none'
);
select is(
    pg_temp.field_of(null, 1, 5, 'weekly', null), 'PT422 next_on', 'without an item all is said'
);
select is(pg_temp.field_of(null, 1, 5, 'weekly', '2025-01-01'), 'sound', 'or it is none');
select is(
    pg_temp.field_of(null, 9, 5, 'weekly', '2025-01-01'), 'PT404 account_id', 'on an own account'
);

create temporary table added as select core.origin_add(-1, 'Job', 1) as id;
select throws_ok(
    $$ select core.origin_add(-1, 'Job', 1) $$, 'PT409', 'This recurring item is a source already',
    'an item is one source'
);
select throws_ok(
    $$ select core.origin_edit(-1, (select id from added), '{"amount": 5}') $$, 'PT422',
    'amount is the recurring item''s', 'and says what it earns'
);
select lives_ok(
    $$ select core.origin_edit(-1, (select id from added), '{"name": "Work"}', 1) $$,
    'its name is ours'
);
select throws_ok(
    $$ select core.origin_edit(-1, (select id from added), '{}', 1) $$, 'PT412', null,
    'an edit means a version'
);
select throws_ok(
    $$ select core.origin_drop(-2, (select id from added)) $$, 'PT404', 'No such income source',
    'a stranger drops nothing'
);
create function pg_temp.turned(_kind text, _amount numeric) returns bigint language sql as $$
    select core.recurring_edit(-1, 1, jsonb_build_object('kind', _kind, 'amount', _amount));
$$;
select throws_ok(
    $$ select pg_temp.turned('expense', -5) $$, 'PT409',
    'An income source stands for this item: drop that first', 'its item stays income'
);
select is(core.origin_drop(-1, (select id from added)), (select id from added), 'it goes');
select is(pg_temp.turned('expense', -5), 1::bigint, 'and its item is free');
select ok(core.origin_room(-1), 'there is room');
insert into data.income_sources (user_id, name, account_id, amount, frequency, next_on)
select -1, 'Many', 1, 1, 'once', '2025-01-01' from generate_series(1, 1000);
select throws_ok(
    $$ select core.origin_room(-1) $$, 'PT409', null, 'for a thousand'
);

select * from finish();
