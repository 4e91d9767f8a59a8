select plan(9);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Krona', 'SEK', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'All');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 10, 1, 'Food'), (-1, 20, 1, 'Rent'), (-1, 30, 1, 'Salary'), (-1, 40, 1, 'Fun');
insert into data.budget_periods (user_id, id, kind, starts_on, ends_on)
values (-1, 1, 'monthly', '2025-01-01', '2025-01-31');
insert into data.budgets (user_id, id, budget_period_id, name, currency, carry_rule, chain_id)
values (-1, 1, 1, 'House', 'USD', 'left', 1);
insert into data.budget_allocations (user_id, id, budget_id, subcategory_id, amount)
values (-1, 900001, 1, 10, 100), (-1, 900002, 1, 20, 900);

create function pg_temp.field_of(_items jsonb)
returns text language plpgsql as $$
declare
    v_field text;
begin
    perform core.portion_set(-1, 1, _items);
    return 'sound';
exception when others then
    get stacked diagnostics v_field = column_name;
    return sqlstate || ' ' || v_field;
end;
$$;

select results_eq(
    $$ select added_count, edited_count from core.portion_set(-1, 1, '[
        {"subcategory_id": 40, "amount": 5, "is_carried": false},
        {"subcategory_id": 10, "amount": 6.25, "is_recurring": true}]') $$,
    $$ values (1::bigint, 1::bigint) $$, 'what is there is edited, the rest is added'
);
select results_eq(
    $$ select subcategory_id, amount, is_recurring, is_carried, version
       from core.share_page(-1, 1, 0, 9) $$,
    $$ values (10::bigint, 6.25, true, true, 2), (20, 900.00, false, true, 1),
        (40, 5.00, false, false, 1) $$,
    'unnamed ones stay, and so does what is not said'
);
select is(
    pg_temp.field_of('[{"subcategory_id": 10, "amount": 1}, {"subcategory_id": 99, "amount": 1}]'),
    'PT404 items[1].subcategory_id', 'a refusal names the row'
);
select is(
    (select amount from core.share_page(-1, 1, 9, 1)), 6.25, 'and takes all the others with it'
);
select is(
    pg_temp.field_of('[{"subcategory_id": 10, "amount": -1}]'), 'PT422 items[0].amount',
    'nothing negative'
);
select is(
    pg_temp.field_of('[{"subcategory_id": 10, "amount": 1}, {"subcategory_id": 10, "amount": 1}]'),
    'PT422 items[1].subcategory_id', 'nothing twice'
);
select is(
    pg_temp.field_of('[{"subcategory_id": 10, "amount": 1, "version": 1}]'),
    'PT412 items[0].version', 'a version that is named must stand'
);
select is(
    pg_temp.field_of('[{"subcategory_id": 30, "amount": 1, "version": 0}]'), 'sound',
    'version 0 is none yet'
);
select ok(core.portion_check(-1, 1, '[{"subcategory_id": 10, "amount": 1}]'), 'the check alone');

select * from finish();
