select plan(10);
\ir _outlook.sql

insert into data.users (id, reserve, currency) values (-1, 200, 'EUR'), (-2, 0, 'USD');
insert into data.accounts (user_id, id, name, currency, opened_on)
select id, -id, 'Checking', currency, '2025-01-01' from data.users where id < 0;
insert into data.alert_settings (user_id, has_low_balance) values (-2, false);

select is_empty(
    $$ select from core.dip_rows('{-1}', '2026-03-01') $$, 'where no day is low there is no dip'
);
insert into said values
    (-1, 9, 0.25, 300), (-1, 10, 0.4, 220), (-1, 11, 0.6, 150), (-1, 12, 0.2, 400),
    (-1, 19, 0.3, 250), (-1, 27, 0.36, 260), (-2, 5, 0.9, -100);
select results_eq(
    $$ select user_id, from_on, to_on, first_on, chance
       from core.dip_rows('{-1,-2}', '2026-03-01') $$,
    $$ values
        (-1::bigint, '2026-03-10'::date, '2026-03-12'::date, '2026-03-11'::date, 0.600),
        (-1::bigint, '2026-03-20', '2026-03-20', null, 0.300),
        (-1::bigint, '2026-03-28', '2026-03-28', '2026-03-28', 0.360) $$,
    'stretches more than a week apart are dips of their own; who wants none has none'
);
select results_eq(
    $$ select lowest_on, lowest_cents, p10_cents, width_cents, reserve_cents, currency, basis
       from core.dip_rows('{-1}', '2026-03-01') limit 1 $$,
    $$ values ('2026-03-12'::date, 15000::bigint, 5000::bigint, 20000::bigint, 20000::bigint,
        'EUR', 'history') $$,
    'with its lowest day and the reserve'
);
insert into said values (-1, 15, 0.24, 300);
select is(
    (select to_on from core.dip_rows('{-1}', '2026-03-01') limit 1), '2026-03-20'::date,
    'stretches a week apart are one'
);
select core.threshold_edit(-1, '{"low_chance": 0.5, "low_days": 20}');
select results_eq(
    $$ select from_on, to_on, first_on from core.dip_rows('{-1}', '2026-03-01') $$,
    $$ values ('2026-03-11'::date, '2026-03-12'::date, '2026-03-12'::date) $$,
    'as far and as sure as the owner wants'
);

create function pg_temp.worse(_chance numeric, _on date, _amount numeric, _width numeric = 200)
returns boolean language sql as $$
    select core.dip_worse(0.40, '2026-03-11', 150, _width, _chance, _on, _amount);
$$;
select is(pg_temp.worse(0.54, '2026-03-07', 101), false, 'small steps are none');
select is(pg_temp.worse(0.55, '2026-03-11', 150), true, 'likelier by 0.15');
select is(pg_temp.worse(0.40, '2026-03-06', 150), true, 'five days earlier');
select is(pg_temp.worse(0.40, '2026-03-11', 99.99), true, 'lower by a quarter of the band');
select is(
    (pg_temp.worse(0.4, '2026-03-11', 136, 0), pg_temp.worse(0.4, '2026-03-11', 134, 0))::text,
    '(f,t)', 'a band of no width does with a tenth of the amount'
);

select * from finish();
