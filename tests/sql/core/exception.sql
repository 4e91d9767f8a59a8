select plan(19);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values
    (-1, 7, 'expense', 'Rent', -5, 1, 'monthly', '2025-01-31', '2025-01-01'),
    (-1, 8, 'income', 'Salary', 9, 1, 'biweekly', '2025-01-03', '2025-01-01');

create function pg_temp.field_of(
    _on date, _action text, _moved_to date default null, _amount numeric default null
)
returns text language plpgsql as $$
declare
    v_field text;
begin
    perform core.exception_add(-1, 7, _on, _action, _moved_to, _amount);
    return 'taken';
exception when others then
    get stacked diagnostics v_field = column_name;
    return sqlstate || ' ' || v_field;
end;
$$;

select is(pg_temp.field_of('2025-02-28', 'skip'), 'taken', 'the last of February is the 31st');
select is(pg_temp.field_of('2025-02-28', 'skip'), 'PT409 occurrence_on', 'once');
select is(pg_temp.field_of('2025-02-27', 'skip'), 'PT422 occurrence_on', 'the day before is none');
select is(pg_temp.field_of('2025-03-31', 'move'), 'PT422 moved_to', 'a move needs its day');
select is(
    pg_temp.field_of('2025-03-31', 'skip', '2025-04-01'), 'PT422 moved_to',
    'and nothing else has one'
);
select is(
    pg_temp.field_of('2025-03-31', 'move', '2025-04-01', -6), 'taken',
    'it may cost another sum'
);
select is(pg_temp.field_of('2025-04-30', 'amount'), 'PT422 amount', 'another amount is given');
select is(
    pg_temp.field_of('2025-04-30', 'amount', null, 6), 'PT422 amount', 'with the sign of its kind'
);
select is(
    pg_temp.field_of('2025-04-30', 'skip', null, -6), 'PT422 amount',
    'what is skipped costs nothing'
);
select throws_ok(
    $$ select core.exception_add(-2, 7, '2025-04-30', 'skip') $$, 'PT404',
    'No such recurring item', 'a stranger adds nothing'
);
select results_eq(
    $$ select occurrence_on, action, moved_to, amount
       from core.exception_page(-1, 7, '1900-01-01', 9) $$,
    $$ values ('2025-02-28'::date, 'skip', null::date, null::numeric),
              ('2025-03-31', 'move', '2025-04-01', -6.00) $$,
    'exceptions come by day'
);
select is(
    (select count(*) from core.exception_page(-1, 7, '2025-02-28', 9)), 1::bigint,
    'a page goes on behind a day'
);
select throws_ok(
    $$ select core.exception_drop(-1, 8, (select max(id) from data.recurring_exceptions
        where user_id = -1)) $$,
    'PT404', 'No such exception', 'another item has no such exception'
);
select lives_ok(
    $$ select core.exception_drop(-1, 7, (select max(id) from data.recurring_exceptions
        where user_id = -1)) $$,
    'its own item has'
);
select is(
    (select count(*) from core.exception_page(-1, 7, '1900-01-01', 9)), 1::bigint,
    'it is gone'
);
select is_empty($$ select core.shape_faults(core.exception_shape()) $$, 'its shape is a shape');

select is(
    pg_temp.field_of('2025-05-31', 'amount', null, -1000000000.01), 'PT422 amount',
    'an exception is no larger than an item may be'
);
select ok(core.exception_signs(-1, 7, 'expense'), 'amounts have the sign of their kind');
select ok(core.exception_signs(-1, 8, 'expense'), 'where there is no amount any kind will do');

select * from finish();
