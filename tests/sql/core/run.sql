-- Kiritimati and Pago Pago: no other test lives there.
select plan(17);

insert into data.users (id, timezone)
values (-3, 'Pacific/Kiritimati'), (-2, 'Pacific/Kiritimati'), (-1, 'Pacific/Pago_Pago');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
select person, number, 'A', currency, '2020-01-01', 50, 50
from generate_series(-3, -1) as person
cross join (values (1, 'USD'), (2, 'USD'), (3, 'EUR')) as account (number, currency);
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
select person, 1, 'expense', 'Rent', -1, 1, 'monthly', '2026-01-20', '2026-01-01'
from generate_series(-3, -1) as person;

select is(core.run_store('{-3,-2}', '2026-01-02', 100), 2, 'a run for each');
select is(core.run_store('{-3,-2}', '2026-01-02', 30), 0, 'nobody has two of one day');
select results_eq(
    $$select
          days, currency, account_ids, basis, fitted_on, reserve_cents, opening_cents,
          plan_cents, p10_cents, p50_cents, p90_cents, risk_7, risk_30, risk_90
      from data.forecast_runs where user_id = -3$$,
    $$select
          100, currency, '{1,2}'::bigint[], basis, fitted_on, reserve_cents, opening_cents,
          core.foretold_kept(plan_cents), core.foretold_kept(p10_cents),
          core.foretold_kept(p50_cents), core.foretold_kept(p90_cents),
          round(risk_7::numeric, 3), round(risk_30::numeric, 3), round(risk_90::numeric, 3)
      from core.expectation_arrays('{-3}', '2026-01-02', 100) where account_id is null$$,
    'it is what was expected of the covered accounts together'
);
select is(
    (select below_permille from data.forecast_runs where user_id = -3),
    (select core.foretold_kept(
         (select array_agg(round(1000 * chance) order by place)
          from unnest(below) with ordinality as day (chance, place))::bigint[]
     )::smallint[]
     from core.expectation_arrays('{-3}', '2026-01-02', 100)
     where account_id is null),
    'with the chance of each day in thousandths'
);
select is(core.run_miss('{-3,-1,-9}', '2026-01-02', 100, 'none'), 1, 'who has none and is known');

do $$
begin
    while not exists (
        select from data.forecast_nights
        where as_of = '2026-01-03' and timezone = 'Pacific/Kiritimati' and run_count = 1
    ) loop
        perform core.run_night(null, '2026-01-03 10:30+00', 1);
    end loop;
end;
$$;
select is(
    (select run_count from data.forecast_nights
     where as_of = '2026-01-03' and timezone = 'Pacific/Kiritimati'), 1, 'one batch is done'
);
select is(
    (select ended_at from data.forecast_nights
     where as_of = '2026-01-03' and timezone = 'Pacific/Kiritimati'), null, 'there is more to do'
);
select is(
    (select after_user_id from data.forecast_nights
     where as_of = '2026-01-03' and timezone = 'Pacific/Kiritimati'), -3::bigint,
    'the night knows where to go on'
);
do $$
begin
    while not (core.run_night(null, '2026-01-03 10:30+00', 1) ->> 'is_done')::boolean loop
    end loop;
end;
$$;
select results_eq(
    $$select user_id, as_of from data.forecast_runs where user_id < 0 and made_at = now()
      and days = 365 order by user_id$$,
    $$values (-3, date '2026-01-03'), (-2, '2026-01-03'), (-1, '2026-01-01')$$,
    'everybody has one run, as of the last day that has ended where they live'
);
select ok(
    not exists (
        select from data.forecast_nights
        where ended_at is null and timezone like 'Pacific/%' and as_of >= '2026-01-01'
    ),
    'each zone has ended'
);
select is(
    core.run_night(null, '2026-01-03 10:30+00')::text,
    '{"is_done" : true, "count" : 0, "fault_count" : 0}', 'once more does nothing'
);

-- One whose run cannot be stored does not stop the others.
alter table data.forecast_runs add constraint nobody_is_minus_two check (
    user_id <> -2 or as_of < '2026-01-05' or fault is not null
);
do $$
begin
    while not (core.run_night('2026-01-05', '2026-01-08 10:30+00') ->> 'is_done')::boolean loop
    end loop;
end;
$$;
select results_eq(
    $$select user_id, fault from data.forecast_runs
      where user_id < 0 and as_of = '2026-01-05' order by user_id$$,
    $$values (-3, null), (-2, '23514'), (-1, null)$$,
    'an error of one is noted with that one, and the others have their runs'
);
select results_eq(
    $$select run_count, fault_count from data.forecast_nights
      where as_of = '2026-01-05' and timezone = 'Pacific/Kiritimati'$$,
    $$values (1, 1)$$, 'and the night counts it'
);
select is(
    (select stored from core.run_batch('{-3,-2}', '2026-01-05')), 0, 'a batch again stores nothing'
);
select throws_ok(
    $$insert into data.forecast_runs (user_id, as_of, days) values (-1, '2026-03-01', 7)$$,
    '23514', null, 'a run has its paths or a fault'
);
select throws_ok(
    $$insert into data.forecast_runs (
          user_id, as_of, days, currency, account_ids, basis, reserve_cents, opening_cents,
          plan_cents, p10_cents, p50_cents, p90_cents, below_permille
      ) values (-1, '2026-03-01', 3, 'USD', '{}', 'plan', 0, 0, '{1,2,3}', '{1,2,3}', '{1,2,3}',
          '{1,2}', '{1,2,3}')$$,
    '23514', null, 'its paths have a value for each day that is kept'
);
delete from data.users where id = -3;
select is_empty(
    $$select from data.forecast_runs where user_id = -3$$, 'runs go with their owner'
);

select * from finish();
