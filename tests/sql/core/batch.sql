select plan(11);

insert into data.users (id, currency, timezone)
values (-1, 'USD', 'America/New_York'), (-2, 'USD', 'America/New_York');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);

create function pg_temp.take(_items jsonb, _user_id bigint default -1)
returns integer language sql as $$
    select cardinality(core.batch_add(_user_id, _items));
$$;
create function pg_temp.item(_account_id bigint, _amount numeric, _more jsonb default '{}')
returns jsonb language sql as $$
    select jsonb_build_object(
        'account_id', _account_id, 'amount', _amount, 'transaction_date', '2025-01-02',
        'description', 'x'
    ) || _more;
$$;
create function pg_temp.field_of(_items jsonb) returns text language plpgsql as $$
declare
    v_field text;
begin
    perform core.batch_add(-1, _items);
    return 'taken';
exception when others then
    get stacked diagnostics v_field = column_name;
    return sqlstate || ' ' || v_field;
end;
$$;

select is(
    pg_temp.take(jsonb_build_array(
        pg_temp.item(1, -5, '{"external_id": "a"}'), pg_temp.item(2, 7.25), pg_temp.item(1, -5)
    )),
    3, 'many rows are booked at once'
);
select is(
    (select array_agg(current_balance order by id) from data.accounts where user_id = -1),
    '{90.00,7.25}', 'and every account moves by its sum'
);
select is(
    pg_temp.take(jsonb_build_array(
        pg_temp.item(2, 3), pg_temp.item(1, 1, '{"tags": ["a"]}'), pg_temp.item(2, 2)
    )),
    3, 'three more'
);
select results_eq(
    $$ select change_no, tags from data.transactions where user_id = -1 order by id $$,
    $$ values (1::bigint, '{}'::text[]), (1, '{}'), (1, '{}'), (2, '{}'), (2, '{a}'), (2, '{}') $$,
    'all rows of a batch have its one number'
);
select is(
    (select array_agg(amount order by id) from (
        select id, amount from data.transactions where user_id = -1 order by id desc limit 3
    ) as last),
    '{3.00,1.00,2.00}', 'keys grow in the order of the request'
);
select is(
    pg_temp.field_of(jsonb_build_array(pg_temp.item(1, 1), pg_temp.item(9, 1))),
    'PT404 items[1].account_id', 'an account that is not there is named with its row'
);
select is(
    pg_temp.field_of(jsonb_build_array(pg_temp.item(1, 1, '{"subcategory_id": 999999999}'))),
    'PT404 items[0].subcategory_id', 'as is a category'
);
select is(
    pg_temp.field_of(jsonb_build_array(pg_temp.item(1, 1, '{"recurring_item_id": 999999999}'))),
    'PT404 items[0].recurring_item_id', 'and a recurring item'
);
select throws_ok(
    $$ select pg_temp.take(jsonb_build_array(pg_temp.item(1, 1)), -2) $$, 'PT404',
    'No such account', 'a stranger books nothing'
);
select is(
    (select count(*) from data.transactions where user_id = -1), 6::bigint,
    'a batch that was refused left nothing'
);
select is_empty($$ select * from core.balance_faults(-1) $$, 'every balance is its sum');

select * from finish();
