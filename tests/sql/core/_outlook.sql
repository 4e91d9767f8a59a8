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
