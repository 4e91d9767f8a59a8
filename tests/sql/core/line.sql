select plan(7);

insert into data.users (id, reserve) values (-1, 100);
insert into data.accounts (user_id, id, name, currency, opened_on, opening_balance, current_balance)
values (-1, 1, 'Checking', 'USD', '2020-01-01', 500, 500);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values (-1, 2, 'expense', 'Rent', -450, 1, 'monthly', '2026-01-10', '2026-01-01');

create function pg_temp.line(_moves core.due[] default null)
returns text language sql as $$
    select concat_ws(' ', days, gaps, closings)
    from core.line_row(
        -1, '2026-01-05', 30, null, 'first_day', null, null, _moves
    );
$$;

select is(
    pg_temp.line(),
    '{2026-01-05,2026-01-10,2026-02-01} {5,22,3} {50000,5000,5000}',
    'the days on which money moves, and the first of each month'
);
select is(
    pg_temp.line(array[row(null, '2026-01-07', '2026-01-07', -100, -100, 'purchase')::core.due]),
    '{2026-01-05,2026-01-07,2026-01-10,2026-02-01} {2,3,22,3} {50000,49900,4900,4900}',
    'with amounts beside the items'
);
select is(
    (select summary from core.line_row(-1, '2026-01-05', 30, null, 'first_day')),
    '"initial_balance":500.00,"lowest_balance":50.00,"lowest_on":"2026-01-10",'
        '"first_negative_on":null,"first_below_reserve_on":"2026-01-10","ending_balance":50.00,'
        '"total_income":0.00,"total_expenses":-450.00',
    'what its owner asks of it'
);
select is_empty(
    $$ select core.line_row(-2, '2026-01-05', 30, null, 'first_day') $$, 'nobody has no line'
);
select is(
    core.line_gap(
        '2026-01-01', 5, '{2026-01-01,2026-01-03}', '{10,30}', '{2026-01-01,2026-01-04}', '{10,15}'
    ),
    '{0,0,20,15,15}', 'apart on each day by what the two have moved'
);
select is(core.line_text('{100,-5}', '{2,1}'), '[1.00,1.00,-0.05]', 'an amount for every day');
select is(core.line_text('{100,-5}'), '[1.00,-0.05]', 'or as it stands');

select * from finish();
