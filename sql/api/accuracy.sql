-- How right the forecast was.

-- See core.accuracy_scores for what is counted, docs/runs.md for every figure.
create or replace function api.accuracy_read(_user_id bigint, _as_of api.day default null)
returns json
language plpgsql stable
set plan_cache_mode = 'force_generic_plan'
as $$
declare
    v_today constant date := core.user_today(_user_id);
    v_to constant date := least(coalesce(_as_of, v_today - 1), v_today);
begin
    return (
        select json_build_object(
            'as_of', v_to,
            'currency', stored.currency,
            'runs', stored.runs,
            'judged', stored.judged,
            'too_young', stored.too_young,
            'horizons', (
                select json_agg(
                    json_build_object(
                        'days', score.horizon_days,
                        'runs', score.runs,
                        'stretches', score.stretches,
                        'is_few', score.stretches < 10,
                        'first_as_of', score.first_as_of,
                        'last_as_of', score.last_as_of,
                        'error', score.error,
                        'flat_error', score.flat_error,
                        'plan_error', score.plan_error,
                        'relative_to_flat', score.relative_to_flat,
                        'plan_relative_to_flat', score.plan_relative_to_flat,
                        'bias', score.bias,
                        'coverage', score.coverage,
                        'width', score.width,
                        'risk', score.risk,
                        'below_reserve', score.below_reserve
                    )
                    order by score.horizon_days
                )
                from core.accuracy_rows(_user_id, v_to) as score
            )
        )
        from core.accuracy_counts(_user_id, v_to) as stored
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/forecast/accuracy', 'api.accuracy_read',
    summary => 'How right the forecast was: earlier runs against what happened',
    scope => 'forecast',
    timeout_ms => 3000,
    is_fast => false,
    fields => '{
        "as_of": {
            "description": "What was booked up to this day has happened; your yesterday if absent"
        }
    }',
    answer => '{
        "as_of": "date",
        "currency": "text",
        "runs": "integer",
        "judged": "integer",
        "too_young": "integer",
        "horizons": [{
            "days": "integer",
            "runs": "integer",
            "stretches": "integer",
            "is_few": "boolean",
            "first_as_of": "date?",
            "last_as_of": "date?",
            "error": "money?",
            "flat_error": "money?",
            "plan_error": "money?",
            "relative_to_flat": "number?",
            "plan_relative_to_flat": "number?",
            "bias": "money?",
            "coverage": "number?",
            "width": "money?",
            "risk": "number?",
            "below_reserve": "number?"
        }]
    }'
);
