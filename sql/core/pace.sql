-- How far goals are, when they will be reached, and what they do to the forecast. Amounts inside
-- are cents.

-- What a user's covered accounts are expected to hold on the days after _as_of, all together; by
-- the plan alone for somebody without an account, of whom nothing is expected.
-- Shape: one row; element d of the arrays is the day _as_of + d.
create or replace function core.pace_course(_user_id bigint, _as_of date, _days integer)
returns table (basis text, opening_cents bigint, plan_cents bigint[], p50_cents bigint[])
language sql stable parallel safe
as $$
    with expected as materialized (
        select total.basis, total.opening_cents, total.plan_cents, total.p50_cents
        -- The total alone: what core.expectation_arrays says of it, at a part of the cost.
        from core.scope_rows(_user_id, _as_of, _days, 0) as total
    )
    select expected.basis, expected.opening_cents, expected.plan_cents, expected.p50_cents
    from expected

    union all

    select 'plan', ground.opening_cents, plan.closing_cents[2:], plan.closing_cents[2:]
    from core.forecast_many_arrays(array[_user_id], _as_of, _days + 1) as plan
    cross join lateral core.ground_row(_user_id, _as_of) as ground
    where not exists (select from expected);
$$;

-- Active goals (or the one that is named) as of a day. _surplus_cents: what the coming 365 days
-- are expected to leave over; it goes to the goals in the owner's currency in their order, so
-- each waits for those before it. monthly_count: how many times monthly until the target, on
-- monthly_on for the last time; pace_on: when the surplus has made it; needed_cents: what is to be
-- put aside on each of the needed_count days until target_on. Null: not within a hundred years, or
-- no target_on. Of a goal that is reached: no more times, and the day is _as_of.
-- Shape: one row per goal, by priority and key.
create or replace function core.pace_rows(
    _user_id bigint, _as_of date, _surplus_cents bigint, _financial_goal_id bigint default null
)
returns table (
    id bigint,
    name text,
    currency text,
    priority integer,
    target_on date,
    target_cents bigint,
    saved_cents bigint,
    left_cents bigint,
    monthly numeric,
    monthly_count bigint,
    monthly_on date,
    is_covered boolean,
    ahead_cents bigint,
    pace_on date,
    needed_count integer,
    needed_cents bigint
)
language sql stable parallel safe
as $$
    select
        goal.id,
        goal.name,
        goal.currency,
        goal.priority,
        goal.target_on,
        goal.target_cents,
        goal.saved_cents,
        goal.left_cents,
        goal.monthly,
        times.monthly_count,
        case
            when times.monthly_count = 0 then _as_of
            else core.payoff_day(
                goal.next_on, goal.first_no + times.monthly_count::integer
            )
        end,
        goal.is_covered,
        goal.ahead_cents,
        case
            when goal.left_cents = 0 then _as_of
            when goal.is_covered then _as_of + waits.days::integer
        end,
        times.needed_count,
        case
            when goal.left_cents = 0 then 0
            else (goal.left_cents + times.needed_count - 1) / nullif(times.needed_count, 0)
        end
    from (
        select
            each.id, each.name, each.currency, each.priority, each.target_on, each.target_cents,
            each.saved_cents, each.monthly, each.next_on, each.first_no, each.is_active,
            wanted.left_cents,
            person.currency = each.currency as is_covered,
            core.cents_sum(wanted.ahead_cents) over (
                order by each.priority, each.id rows between unbounded preceding and current row
            ) - wanted.ahead_cents as ahead_cents
        from core.goal_rows(_user_id, _as_of) as each
        inner join data.users as person on person.id = _user_id
        cross join lateral (
            select
                rest.cents as left_cents,
                case
                    when each.is_active and person.currency = each.currency then rest.cents
                    else 0
                end as ahead_cents
            from (select greatest(0, each.target_cents - each.saved_cents) as cents) as rest
        ) as wanted
    ) as goal
    cross join lateral (
        select
            case
                when goal.left_cents = 0 then 0
                when goal.left_cents <= goal.monthly * 100 * 1200
                    then ceil(goal.left_cents / (goal.monthly * 100))::bigint
            end as monthly_count,
            case when goal.target_on is not null then greatest(
                0, core.goal_number(goal.next_on, goal.target_on) - goal.first_no + 1
            ) end as needed_count
    ) as times
    cross join lateral (
        select case
            when _surplus_cents > 0
                and (goal.ahead_cents + goal.left_cents) <= _surplus_cents::numeric * 100
                then ceil(
                    (goal.ahead_cents + goal.left_cents)::numeric * 365 / _surplus_cents
                )
        end as days
    ) as waits
    where case
        when _financial_goal_id is null then goal.is_active
        else goal.id = _financial_goal_id
    end
    order by goal.priority, goal.id;
$$;

-- What putting aside does to the lowest balance, as json: of the plan and of what is expected,
-- before and after. _financial_goal_id null: all active goals together.
create or replace function core.pace_effect(
    _user_id bigint,
    _financial_goal_id bigint,
    _as_of date,
    _plan_cents bigint[],
    _p50_cents bigint[]
)
returns json
language sql stable parallel safe
as $$
    with moves as (
        select move.on_day - _as_of as number, core.cents_sum(move.cents) as cents
        from core.goal_moves(
            _user_id, _financial_goal_id, _as_of, _as_of + cardinality(_plan_cents)
        ) as move
        group by move.on_day
    ),
    days as (
        select
            day.number,
            day.plan_cents,
            day.p50_cents,
            core.cents_sum(moves.cents) over (
                order by day.number rows between unbounded preceding and current row
            ) as put_cents
        from unnest(_plan_cents, _p50_cents)
            with ordinality as day (plan_cents, p50_cents, number)
        left join moves on moves.number = day.number
    )
    select json_build_object(
        'put_aside', (select 0.00 - core.cents_sum(cents) * 0.01 from moves),
        'plan', json_build_object(
            'before', core.pace_lowest(_as_of, _plan_cents),
            'after', core.pace_lowest(_as_of, after.plan_cents)
        ),
        'expected', json_build_object(
            'before', core.pace_lowest(_as_of, _p50_cents),
            'after', core.pace_lowest(_as_of, after.p50_cents)
        )
    )
    from (
        select
            array_agg(plan_cents + put_cents order by number) as plan_cents,
            array_agg(p50_cents + put_cents order by number) as p50_cents
        from days
    ) as after;
$$;

-- The lowest of balances and the first day that has it, as json; element d is the day _as_of + d.
create or replace function core.pace_lowest(_as_of date, _cents bigint[])
returns json
language sql immutable parallel safe
as $$
    select json_build_object(
        'lowest_balance', lowest.cents * 0.01,
        'lowest_on', _as_of + array_position(_cents, lowest.cents)
    )
    from (select min(each.cents) as cents from unnest(_cents) as each (cents)) as lowest;
$$;
