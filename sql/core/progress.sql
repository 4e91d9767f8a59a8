-- Goals as they stand, as the wire writes them.

-- All active goals, or the one that is named, as json, with what they do to the _days after _as_of;
-- together: all active goals at once. Null for an unknown user.
create or replace function core.progress_json(
    _user_id bigint, _as_of date, _days integer, _financial_goal_id bigint default null
)
returns json
language plpgsql stable
as $$
declare
    v_course record;
    v_surplus bigint;
begin
    select course.* into v_course
    from core.pace_course(_user_id, _as_of, greatest(_days, 365)) as course;
    if not found then
        return null;
    end if;
    v_surplus := v_course.p50_cents[365] - v_course.opening_cents;
    return (
        select json_build_object(
            'as_of', _as_of,
            'days', _days,
            'currency', person.currency,
            'basis', v_course.basis,
            'surplus', json_build_object(
                'yearly', v_surplus * 0.01, 'monthly', round(v_surplus * 0.01 / 12, 2)
            ),
            'goals', coalesce(
                (
                    select json_agg(
                        core.progress_goal(
                            _user_id, _as_of, row_to_json(goal),
                            v_course.plan_cents[:_days], v_course.p50_cents[:_days]
                        )
                        order by goal.priority, goal.id
                    )
                    from core.pace_rows(_user_id, _as_of, v_surplus, _financial_goal_id) as goal
                ),
                '[]'
            ),
            'together', core.pace_effect(
                _user_id, null, _as_of, v_course.plan_cents[:_days], v_course.p50_cents[:_days]
            )
        )
        from data.users as person
        where person.id = _user_id
    );
end;
$$;

-- One goal, a row of core.pace_rows, as json; effect is null for a goal in another currency.
create or replace function core.progress_goal(
    _user_id bigint, _as_of date, _goal json, _plan_cents bigint[], _p50_cents bigint[]
)
returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'financial_goal_id', goal.id,
        'name', goal.name,
        'currency', goal.currency,
        'priority', goal.priority,
        'target_amount', goal.target_cents * 0.01,
        'target_on', goal.target_on,
        'saved', goal.saved_cents * 0.01,
        'left', goal.left_cents * 0.01,
        'percent', round(goal.saved_cents * 100.0 / goal.target_cents, 2),
        'is_reached', goal.left_cents = 0,
        'is_reachable', case
            when not goal.is_covered then null
            when goal.left_cents = 0 then true
            else goal.pace_on is not null and coalesce(goal.pace_on <= goal.target_on, true)
        end,
        'at_monthly', json_build_object(
            'monthly', goal.monthly,
            'months', goal.monthly_count,
            'reached_on', goal.monthly_on,
            'is_on_time', case
                when goal.target_on is not null then
                    goal.left_cents = 0
                    or coalesce(goal.monthly_on <= goal.target_on, false)
            end
        ),
        'at_pace', json_build_object(
            'ahead', case when goal.is_covered then goal.ahead_cents * 0.01 end,
            'reached_on', goal.pace_on,
            'is_on_time', case
                when goal.target_on is not null and goal.is_covered then
                    goal.left_cents = 0
                    or coalesce(goal.pace_on <= goal.target_on, false)
            end
        ),
        'needed', json_build_object(
            'months', goal.needed_count, 'monthly', goal.needed_cents * 0.01
        ),
        'effect', case when goal.is_covered then core.pace_effect(
            _user_id, goal.id, _as_of, _plan_cents, _p50_cents
        ) end
    )
    from json_to_record(_goal) as goal (
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
    );
$$;

-- What api functions say of goals as they stand, in the words of api.route.
create or replace function core.progress_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select jsonb_build_object(
        'as_of', 'date',
        'days', 'integer',
        'currency', 'text',
        'basis', 'history|pooled|plan',
        'surplus', '{"yearly": "money", "monthly": "money"}'::jsonb,
        'goals', '[{
            "financial_goal_id": "integer",
            "name": "text",
            "currency": "text",
            "priority": "integer",
            "target_amount": "money",
            "target_on": "date?",
            "saved": "money",
            "left": "money",
            "percent": "number",
            "is_reached": "boolean",
            "is_reachable": "boolean?",
            "at_monthly": {
                "monthly": "money",
                "months": "integer?",
                "reached_on": "date?",
                "is_on_time": "boolean?"
            },
            "at_pace": {"ahead": "money?", "reached_on": "date?", "is_on_time": "boolean?"},
            "needed": {"months": "integer?", "monthly": "money?"},
            "effect": "object?"
        }]'::jsonb,
        'together', jsonb_build_object(
            'put_aside', 'money',
            'plan', jsonb_build_object('before', lowest.shape, 'after', lowest.shape),
            'expected', jsonb_build_object('before', lowest.shape, 'after', lowest.shape)
        )
    )
    from (
        select '{"lowest_balance": "money", "lowest_on": "date"}'::jsonb as shape
    ) as lowest;
$$;
