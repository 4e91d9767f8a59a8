select plan(5);

insert into data.users (id, currency, timezone)
values (-1, 'USD', 'America/New_York'), (-2, 'USD', 'America/New_York');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);

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

select core.transaction_add(-1, 1, -5, '2025-01-02', 'x', _external_id => 'a');

select is(
    pg_temp.field_of(jsonb_build_array(
        pg_temp.item(1, 1, '{"external_id": "b"}'), pg_temp.item(1, 1, '{"external_id": "a"}')
    )),
    'PT409 items[1].external_id', 'what is booked already is named'
);
select is(
    pg_temp.field_of(jsonb_build_array(
        pg_temp.item(1, 1, '{"external_id": "c"}'), pg_temp.item(1, 1, '{"external_id": "c"}')
    )),
    'PT409 items[1].external_id', 'so is the second of two that are the same'
);
select is(
    pg_temp.field_of(jsonb_build_array(pg_temp.item(2, 1), pg_temp.item(1, 999999999999.99))),
    'PT422 items[1].amount', 'a balance that would not fit is refused, naming the row'
);
select is(
    pg_temp.field_of(jsonb_build_array(
        pg_temp.item(1, 999999999800), pg_temp.item(1, 90), pg_temp.item(1, 90)
    )),
    'PT422 items[2].amount', 'the first one with which it does not fit'
);
select is(
    pg_temp.field_of(jsonb_build_array(
        pg_temp.item(2, 600000000000), pg_temp.item(1, 1), pg_temp.item(9, 1)
    )),
    'PT404 items[2].account_id', 'an account that moved already is not taken for a full one'
);

select * from finish();
