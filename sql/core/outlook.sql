-- The outlook of many users that warnings stand on.

-- Balances of the _days days after _as_of, in cents, and the chance to end each below the reserve;
-- account_id null: all covered accounts together. Until there is an expectation, the plan.
create or replace function core.outlook_rows(_user_ids bigint[], _as_of date, _days integer)
returns table (
    user_id bigint,
    account_id bigint,
    currency text,
    basis text,
    fitted_on date,
    reserve_cents bigint,
    opening_cents bigint,
    plan_cents bigint[],
    p10_cents bigint[],
    p50_cents bigint[],
    p90_cents bigint[],
    below numeric[],
    risk_7 numeric,
    risk_30 numeric,
    risk_90 numeric
)
language sql stable
as $$
    select
        plan.user_id,
        null::bigint,
        person.currency,
        'plan',
        null::date,
        (person.reserve * 100)::bigint,
        plan.closing_cents[1],
        plan.closing_cents[2:],
        plan.closing_cents[2:],
        plan.closing_cents[2:],
        plan.closing_cents[2:],
        array(
            select (cents < person.reserve * 100)::integer::numeric
            from unnest(plan.closing_cents[2:]) with ordinality as day (cents, number)
            order by number
        ),
        null::numeric,
        null::numeric,
        null::numeric
    from core.forecast_many_arrays(_user_ids, _as_of, _days + 1) as plan
    inner join data.users as person on person.id = plan.user_id;
$$;
