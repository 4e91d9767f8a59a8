-- What was foretold: stored runs as they are read, and which days of a path they keep.

-- Which days of a path a run keeps: each up to the 92nd, then each seventh (99, 106, …): what is
-- far away is not known by the day, and a run takes a third of the room.
create or replace function core.foretold_kept(_path bigint[])
returns bigint[]
language sql immutable parallel safe
as $$
    select _path[:92] || array(
        select _path[day] from generate_series(99, cardinality(_path), 7) as day order by day
    );
$$;

-- The day of an element of a stored path, counted from as_of.
create or replace function core.foretold_day(_place integer)
returns integer
language sql immutable parallel safe
as $$
    select least(_place, 92) + 7 * greatest(_place - 92, 0);
$$;

-- The owner's runs before a day, newest first.
create or replace function core.foretold_page(_user_id bigint, _before date, _limit integer)
returns setof data.forecast_runs
language sql stable parallel safe
as $$
    select run
    from data.forecast_runs as run
    where run.user_id = _user_id
      and run.as_of < _before
      and run.fault is null
    order by run.as_of desc
    limit _limit;
$$;

-- The lowest balance of a stored path as json: the day and the balance, the first such day.
create or replace function core.foretold_lowest(_as_of date, _cents bigint[])
returns json
language sql immutable parallel safe
as $$
    select json_build_object(
        'on', _as_of + core.foretold_day(day.place::integer), 'balance', day.cents * 0.01
    )
    from unnest(_cents) with ordinality as day (cents, place)
    order by day.cents, day.place
    limit 1;
$$;

-- A run under the names of the wire, without its days.
create or replace function core.foretold_head(_run data.forecast_runs)
returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'as_of', _run.as_of,
        'made_at', _run.made_at,
        'days', _run.days,
        'currency', _run.currency,
        'account_ids', _run.account_ids,
        'basis', _run.basis,
        'fitted_on', _run.fitted_on,
        'reserve', _run.reserve_cents * 0.01,
        'opening_balance', _run.opening_cents * 0.01,
        'risk_7', _run.risk_7,
        'risk_30', _run.risk_30,
        'risk_90', _run.risk_90,
        'lowest_plan', core.foretold_lowest(_run.as_of, _run.plan_cents),
        'lowest_p10', core.foretold_lowest(_run.as_of, _run.p10_cents),
        'lowest_p50', core.foretold_lowest(_run.as_of, _run.p50_cents)
    );
$$;

-- The run of a day with its days, as json; null when there is none. happened: what the same
-- accounts held at the end of each day; null for today and later, and when an account is gone.
create or replace function core.foretold_json(_user_id bigint, _as_of date)
returns json
language sql stable parallel safe
as $$
    select (
        core.foretold_head(run)::jsonb || jsonb_build_object('columns', (
            select json_build_object(
                'on_day', json_agg(path.on_day order by path.on_day),
                'plan', json_agg(path.plan * 0.01 order by path.on_day),
                'p10', json_agg(path.p10 * 0.01 order by path.on_day),
                'p50', json_agg(path.p50 * 0.01 order by path.on_day),
                'p90', json_agg(path.p90 * 0.01 order by path.on_day),
                'below_reserve', json_agg(path.below * 0.001 order by path.on_day),
                'happened', json_agg(balance.cents * 0.01 order by path.on_day)
            )
            from (
                select
                    run.as_of + core.foretold_day(place::integer) as on_day,
                    plan,
                    p10,
                    p50,
                    p90,
                    below
                from unnest(
                    run.plan_cents, run.p10_cents, run.p50_cents, run.p90_cents,
                    run.below_permille
                ) with ordinality as day (plan, p10, p50, p90, below, place)
            ) as path
            left join core.past_balances(
                _user_id, run.account_ids, run.as_of, core.user_today(_user_id) - 1
            ) as balance on balance.on_day = path.on_day
                and run.account_ids <@ array(select id from data.accounts where user_id = _user_id)
        ))
    )::json
    from core.foretold_page(_user_id, _as_of + 1, 1) as run
    where run.as_of = _as_of;
$$;

-- What api functions say of a run, in the words of api.route.
create or replace function core.foretold_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "as_of": "date",
        "made_at": "timestamp",
        "days": "integer",
        "currency": "text",
        "account_ids": ["integer"],
        "basis": "history|pooled|plan",
        "fitted_on": "date?",
        "reserve": "money",
        "opening_balance": "money",
        "risk_7": "number?",
        "risk_30": "number?",
        "risk_90": "number?",
        "lowest_plan": {"on": "date", "balance": "money"},
        "lowest_p10": {"on": "date", "balance": "money"},
        "lowest_p50": {"on": "date", "balance": "money"}
    }'::jsonb;
$$;
