select plan(21);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);
select core.category_copy('{-1}');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, subcategory_id
)
values
    (-1, 1, 1, -1, '2025-01-01', 'Bread', 'Mill', core.category_find(-1, 'Groceries')),
    (-1, 2, 2, -2, '2025-01-02', 'Rent', null, null),
    (-1, 3, 1, -3, '2025-01-02', 'Milk', 'Dairy 100%', core.category_find(-1, 'Groceries')),
    (-1, 4, 1, -4, '2025-01-03', 'Fuel', null, null);

create function pg_temp.page(
    _from date default null, _to date default null, _before_on date default null,
    _before_id bigint default null, _account_id bigint default null,
    _subcategory_id bigint default null, _limit integer default 10,
    _order text default 'newest', _cents bigint default null, _least bigint default null,
    _most bigint default null, _keys bigint[] default null
)
returns bigint[] language sql as $$
    select array_agg(id) from core.ledger_page(
        -1, _order, _from, _to, _account_id,
        case when _subcategory_id is not null then array[_subcategory_id] end, _least, _most,
        null, null, _cents, _before_on, _before_id, _limit, _keys
    );
$$;

select is(pg_temp.page(), '{4,3,2,1}', 'newest first, on a day the last one first');
select is(pg_temp.page(_limit => 2), '{4,3}', 'a page has its size');
select is(pg_temp.page(_before_on => '2025-01-02', _before_id => 3), '{2,1}', 'the next goes on');
select is(pg_temp.page('2025-01-02', '2025-01-02'), '{3,2}', 'both days belong to the range');
select is(
    pg_temp.page(_to => '2025-01-02', _before_on => '2025-01-03', _before_id => 9), '{3,2,1}',
    'a cursor beyond the range begins at its end'
);
select is(pg_temp.page(_account_id => 2), '{2}', 'by account');
select is(
    pg_temp.page(_subcategory_id => core.category_find(-1, 'Groceries')), '{3,1}', 'by category'
);
select is(
    pg_temp.page(_account_id => 2, _subcategory_id => core.category_find(-1, 'Groceries')), null,
    'by both'
);
select is(pg_temp.page(_order => 'oldest'), '{1,2,3,4}', 'oldest first');
select is(
    pg_temp.page(_order => 'oldest', _before_on => '2025-01-02', _before_id => 2), '{3,4}',
    'goes on the other way'
);
select is(pg_temp.page(_order => 'largest'), '{1,2,3,4}', 'the least spent is the largest');
select is(
    pg_temp.page(_order => 'smallest', _cents => -300, _before_on => '2025-01-02',
        _before_id => 3),
    '{2,1}', 'an order of amounts goes on from amount, day and key'
);
select is(pg_temp.page(_least => -300, _most => -200), '{3,2}', 'by amount, both ends included');
select is(pg_temp.page(_keys => '{2,9,4}'), '{2,4}', 'or what a search found, in its order');
select is_empty(
    $$ select * from core.ledger_page(
        -2, 'newest', null, null, null, null, null, null, null, null, null, null, null, 10
    ) $$,
    'a stranger sees nothing'
);
select is(core.ledger_json(-1, 3) ->> 'subcategory', 'Groceries', 'a booking names its category');
select is(core.ledger_json(-1, 3) ->> 'amount', '-3.00', 'money keeps its decimals');
select is(core.ledger_json(-2, 3)::text, null, 'to its owner alone');
select is_empty(
    $$ select core.shape_faults(core.ledger_shape() || core.ledger_extras()) $$,
    'its shape is a shape'
);

select throws_ok(
    'select core.ledger_check(-2, null, 5)', 'PT404', 'No such recurring item',
    'a booking points at what is its owner''s'
);
select ok(core.ledger_check(-2, null, null), 'or at nothing');

select * from finish();
