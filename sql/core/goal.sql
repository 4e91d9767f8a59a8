-- Goals: what is saved for, what is there, and what is put aside for it month by month.

-- All goals of a user as of a day, by key. saved_cents: as it was said, with what was put in up to
-- that day; of a linked account, what its balance of that day leaves to the goal after those
-- before it (by priority, then key), up to its target: one that is put away holds nothing of it.
-- No day: with all that is booked. first_no: the number of the first day after it on which monthly
-- is put aside, counted from next_on.
create or replace function core.goal_rows(_user_id bigint, _as_of date default null)
returns table (
    version integer,
    id bigint,
    name text,
    target_amount numeric,
    target_on date,
    target_cents bigint,
    saved_cents bigint,
    monthly numeric,
    next_on date,
    first_no integer,
    priority integer,
    currency text,
    account_id bigint,
    is_active boolean,
    created_at timestamptz,
    updated_at timestamptz
)
language sql stable parallel safe
as $$
    select
        goal.version,
        goal.id,
        goal.name,
        goal.target_amount,
        goal.target_on,
        goal.target_cents,
        case
            when goal.account_id is null then greatest(
                0,
                (goal.saved * 100)::bigint - (
                    select core.cents_sum((later.amount * 100)::bigint)
                    from data.goal_contributions as later
                    where later.user_id = _user_id
                      and later.financial_goal_id = goal.id
                      and later.contributed_on > _as_of
                )
            )
            when goal.is_active then greatest(
                0,
                least(
                    goal.target_cents,
                    core.ground_balance(
                        _user_id, goal.account_id, coalesce(_as_of, 'infinity')
                    ) - goal.before_cents
                )
            )
            else 0
        end,
        goal.monthly,
        goal.next_on,
        core.goal_number(goal.next_on, _as_of) + 1,
        goal.priority,
        goal.currency,
        goal.account_id,
        goal.is_active,
        goal.created_at,
        goal.updated_at
    from (
        select
            each.*,
            core.cents_sum(case when each.is_active then each.target_cents else 0 end) over (
                partition by each.account_id
                order by each.priority, each.id
                rows between unbounded preceding and current row
            ) - case when each.is_active then each.target_cents else 0 end as before_cents
        from (
            select
                version, id, name, target_amount, target_on, account_id, saved, currency,
                monthly, next_on, priority, is_active, created_at, updated_at,
                (target_amount * 100)::bigint as target_cents
            from data.financial_goals
            where user_id = _user_id
        ) as each
    ) as goal
    order by goal.id;
$$;

-- The number of the last day of a monthly rhythm that is not after a day; -1 when none is, and the
-- first one is 0. Each day is counted from the first, so the 31st comes back after a short month.
create or replace function core.goal_number(_first_on date, _day date)
returns integer
language sql immutable parallel safe
as $$
    select greatest(
        -1,
        months - case
            when (_first_on + make_interval(months => months))::date > _day then 1 else 0
        end
    )
    from (select core.income_months(_first_on, _day) as months) as passed;
$$;

-- What a goal takes out of a plan after _as_of and up to _to: the days on which monthly is put
-- aside until the target is reached, cents negative. _goal_id null: all active ones; named, one
-- that is put away too. Goals in another currency than the owner's are not in the owner's plan.
-- Shape: one row per goal and day, no order.
create or replace function core.goal_moves(
    _user_id bigint, _goal_id bigint, _as_of date, _to date
)
returns table (financial_goal_id bigint, on_day date, cents bigint)
language sql stable parallel safe
as $$
    select
        goal.id,
        core.payoff_day(goal.next_on, number + 1),
        -least(
            goal.monthly_cents, goal.left_cents - goal.monthly_cents * (number - goal.first_no)
        )
    from (
        select
            each.id,
            each.next_on,
            each.first_no,
            (each.monthly * 100)::bigint as monthly_cents,
            each.target_cents - each.saved_cents as left_cents
        from core.goal_rows(_user_id, _as_of) as each
        inner join data.users as person
            on person.id = _user_id and person.currency = each.currency
        where each.id = coalesce(_goal_id, each.id)
          and (each.is_active or _goal_id is not null)
          and each.monthly > 0
          and each.saved_cents < each.target_cents
    ) as goal
    cross join lateral generate_series(
        goal.first_no,
        least(
            core.goal_number(goal.next_on, _to)::bigint,
            goal.first_no + (goal.left_cents - 1) / goal.monthly_cents
        )::integer
    ) as number;
$$;

-- The user's goals with keys above _after_id, by key, under the names of the wire.
create or replace function core.goal_page(_user_id bigint, _after_id bigint, _limit integer)
returns table (
    version integer,
    id bigint,
    name text,
    target_amount numeric,
    target_on date,
    saved numeric,
    monthly numeric,
    next_on date,
    priority integer,
    currency text,
    account_id bigint,
    is_active boolean,
    created_at timestamptz,
    updated_at timestamptz
)
language sql stable parallel safe
as $$
    select
        goal.version, goal.id, goal.name, goal.target_amount, goal.target_on,
        goal.saved_cents * 0.01, goal.monthly, goal.next_on, goal.priority, goal.currency,
        goal.account_id, goal.is_active, goal.created_at, goal.updated_at
    from core.goal_rows(_user_id) as goal
    where goal.id > _after_id
    order by goal.id
    limit _limit;
$$;

-- What api functions say of a goal, in the words of api.route.
create or replace function core.goal_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer", "id": "integer", "name": "text",
        "target_amount": "money", "target_on": "date?", "saved": "money", "monthly": "money",
        "next_on": "date",
        "priority": "integer",
        "currency": "text",
        "account_id": "integer?",
        "is_active": "boolean",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- The one goal as json, or null.
create or replace function core.goal_json(_user_id bigint, _financial_goal_id bigint)
returns json
language sql stable parallel safe
as $$
    select to_json(goal)
    from core.goal_page(_user_id, _financial_goal_id - 1, 1) as goal
    where goal.id = _financial_goal_id;
$$;
