select plan(15);

-- The outlook is said here, by day: the chance to end below the reserve, and the likely balance;
-- the band is 100 wide on either side. Days that are not said are safe, at 1,000.
create temporary table said (user_id bigint, number integer, chance numeric, p50 numeric);
drop function core.expectation_arrays(bigint[], date, integer);
create function core.expectation_arrays(
    _user_ids bigint[], _as_of date, _days integer
)
returns table (
    user_id bigint, account_id bigint, currency text, basis text, fitted_on date,
    reserve_cents bigint, opening_cents bigint, plan_cents bigint[], p10_cents bigint[],
    p50_cents bigint[], p90_cents bigint[], below numeric[], risk_7 numeric,
    risk_30 numeric, risk_90 numeric
)
language sql stable as $$
    select
        person.id, null::bigint, person.currency, 'history', null::date,
        (person.reserve * 100)::bigint, 100000,
        array_agg((day.p50 * 100)::bigint order by day.number),
        array_agg((day.p50 * 100)::bigint - 10000 order by day.number),
        array_agg((day.p50 * 100)::bigint order by day.number),
        array_agg((day.p50 * 100)::bigint + 10000 order by day.number),
        array_agg(day.chance order by day.number),
        null::numeric, null::numeric, null::numeric
    from data.users as person
    cross join lateral (
        select days.number, coalesce(said.p50, 1000) as p50, coalesce(said.chance, 0) as chance
        from generate_series(1, _days) as days (number)
        left join pg_temp.said as said
            on said.user_id = person.id and said.number = days.number
    ) as day
    where person.id = any (_user_ids)
    group by person.id;
$$;

insert into data.users (id, reserve) values (-1, 200), (-2, 200);
insert into data.accounts (user_id, id, name, currency, opened_on)
select id, -id, 'Checking', currency, '2025-01-01' from data.users where id < 0;
create function pg_temp.say(_first integer, _last integer, _chance numeric, _p50 numeric)
returns void language sql as $$
    truncate said;
    insert into said select -1, number, _chance, _p50 from generate_series(_first, _last) as number;
$$;
create function pg_temp.states() returns text language sql as $$
    select string_agg(concat_ws(' ', status, on_day, chance, told_count), ', ' order by id)
    from data.alerts where user_id = -1;
$$;

select pg_temp.say(10, 14, 0.5, 150);
select is(core.low_raise('{-1,-2}', '2026-03-01'), 1, 'a dip is told');
select results_eq(
    $$ select scope, on_day, until_on, amount, shortfall, is_waiting from data.alerts
       where user_id = -1 $$,
    $$ values ('dip', '2026-03-11'::date, '2026-03-15'::date, 150.00, 50.00, true) $$,
    'with its days, its lowest balance and what is missing to the reserve'
);
select is(core.low_raise('{-1,-2}', '2026-03-01'), 0, 'once, however often one looks');
select pg_temp.say(7, 13, 0.55, 140);
select is(core.low_raise('{-1}', '2026-03-02'), 0, 'a move of a few days is the same dip');
select is(pg_temp.states(), 'open 2026-03-09 0.550 1', 'which is kept up to date');
select pg_temp.say(6, 12, 0.65, 140);
select is(core.low_raise('{-1}', '2026-03-03'), 1, 'one that is likelier by 0.15 is told again');
select pg_temp.say(6, 12, 0.79, 140);
select is(
    core.low_raise('{-1}', '2026-03-03'), 0, 'from then on the step counts from what was told'
);

update data.alerts set status = 'dismissed', dismissed_at = now(), read_at = now();
select pg_temp.say(5, 12, 0.7, 140);
select is(core.low_raise('{-1}', '2026-03-04'), 0, 'a dismissed dip is silent');
select pg_temp.say(5, 12, 0.7, 60);
select is(core.low_raise('{-1}', '2026-03-04'), 1, 'until it becomes worse');
select is(
    (select (status, dismissed_at, read_at)::text from data.alerts where user_id = -1),
    '(open,,)', 'then it is open, and not seen'
);

select pg_temp.say(2, 12, 0.24, 190);
select core.low_raise('{-1}', '2026-03-05');
select is(
    pg_temp.states(), 'open 2026-03-07 0.240 3', 'a dip lasts while it is two thirds as likely'
);
truncate said;
select is(core.low_raise('{-1}', '2026-03-06'), 0, 'a dip that is gone is nothing to tell');
select is(pg_temp.states(), 'ended 2026-03-07 0.240 3', 'it is over');
select pg_temp.say(2, 9, 0.5, 150);
select core.low_raise('{-1}', '2026-03-07');
select is(
    pg_temp.states(), 'ended 2026-03-07 0.240 3, open 2026-03-09 0.500 1',
    'a later one is told anew'
);
insert into said values (-1, 25, 0.9, -50);
select core.low_raise('{-1}', '2026-03-07');
select is(
    (select count(*)::integer from data.alerts where status = 'open'), 2,
    'two dips at once are two alerts'
);

select * from finish();
