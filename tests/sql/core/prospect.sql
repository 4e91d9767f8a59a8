select plan(6);

insert into data.users (id, reserve) values (-1, 100);
insert into data.accounts (user_id, id, name, currency, opened_on, opening_balance, current_balance)
values (-1, 1, 'Checking', 'USD', '2020-01-01', 500, 500);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values (-1, 2, 'expense', 'Rent', -450, 1, 'monthly', '2026-01-10', '2026-01-01');

create temp table said as
select prospect.figures::json as figures, ('{' || prospect.columns || '}')::json as columns
from core.prospect_row(
    -1, '2026-01-09', 4, null, null, 50000, '{0,0,-1000,-1000}',
    '{baseline_p10,baseline_p50,baseline_p90,scenario_p10,scenario_p50,scenario_p90}'
) as prospect;

select is(
    (
        select bool_and(json_array_length(line.value) = 4 and (line.value ->> 0)::numeric = 500)
        from said cross join lateral json_each(said.columns) as line
    ),
    true, 'a line has every day, and on the first one it is the plan''s'
);
select is(
    (
        select bool_and(
            (columns -> 'scenario_p10' ->> day)::numeric
                = (columns -> 'baseline_p10' ->> day)::numeric
                - case when day < 2 then 0 else 10 end
            and (columns -> 'scenario_p90' ->> day)::numeric
                = (columns -> 'baseline_p90' ->> day)::numeric
                - case when day < 2 then 0 else 10 end
        )
        from said cross join generate_series(0, 3) as day
    ),
    true, 'the scenario is expected to differ by what its plan differs'
);
select is(
    (
        select bool_and(
            (columns -> 'scenario_p10' ->> day)::numeric
                <= (columns -> 'scenario_p50' ->> day)::numeric
            and (columns -> 'scenario_p50' ->> day)::numeric
                <= (columns -> 'scenario_p90' ->> day)::numeric
        )
        from said cross join generate_series(0, 3) as day
    ),
    true, 'its lines never cross'
);
select is(
    (
        select (figures -> 'baseline_lowest_p50' ->> 'balance')::numeric
            - (
                select min(day.value::numeric)
                from json_array_elements_text(columns -> 'baseline_p50') as day (value)
            )
        from said
    ),
    0.00, 'the lowest day of the middle line'
);
select is_empty(
    $$ select core.prospect_row(-1, '2026-01-09', 4, 99, null, 0, '{0,0,0,0}', '{}') $$,
    'of an account that is not there nothing is expected'
);

-- Rent of 5 January is overdue on the 9th; nothing is known of the ledger, so p50 is the plan.
update data.recurring_items set anchor_on = '2026-01-05' where user_id = -1;
select results_eq(
    $$ select
           due_from,
           (
               select prospect.columns
               from core.prospect_row(
                   -1, '2026-01-09', 2, null, due_from, 5000, '{0,0}', '{baseline_p50}'
               ) as prospect
           )
       from unnest('{null,2026-01-09}'::date[]) as due_from $$,
    $$ values
        (null::date, '"baseline_p50":[50.00,50.00]'),
        ('2026-01-09', '"baseline_p50":[50.00,500.00]') $$,
    'what is overdue may be left out'
);

select * from finish();
