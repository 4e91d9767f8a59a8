-- The trail of the rules, and a run taken back.

create or replace function api.effect_trail(
    _user_id bigint,
    _transaction_id api.key,
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    perform core.trial_check(_user_id, _transaction_id);
    return (
        select core.page_json(
            array_agg(core.effect_json(effect) order by effect.id desc),
            array_agg(core.cursor_text(effect.id) order by effect.id desc),
            _limit
        )
        from core.effect_trail(
            _user_id, _transaction_id, coalesce(core.cursor_id(_cursor), 9223372036854775807),
            _limit + 1
        ) as effect
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/transactions/{transaction_id}/trail', 'api.effect_trail',
    summary => 'Which rule set what on a transaction, the latest first',
    answer => core.shape_page(core.effect_shape())
);

create or replace function api.effect_list(
    _user_id bigint,
    _rule_id api.key,
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    perform core.check_found('rule', (core.rulebook_find(_user_id, _rule_id)).id);
    return (
        select core.page_json(
            array_agg(core.effect_json(effect) order by effect.id desc),
            array_agg(core.cursor_text(effect.id) order by effect.id desc),
            _limit
        )
        from core.effect_page(
            _user_id, _rule_id, coalesce(core.cursor_id(_cursor), 9223372036854775807), _limit + 1
        ) as effect
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/transaction-rules/{rule_id}/effects', 'api.effect_list',
    summary => 'What a rule set, the latest first',
    answer => core.shape_page(core.effect_shape())
);

create or replace function api.effect_runs(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(run) order by run.id desc),
            array_agg(core.cursor_text(run.id) order by run.id desc),
            _limit
        )
        from core.effect_runs(
            _user_id, coalesce(core.cursor_id(_cursor), 9223372036854775807), _limit + 1
        ) as run
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/rule-runs', 'api.effect_runs',
    summary => 'When rules changed transactions, the latest first',
    answer => core.shape_page('{
        "id": "integer",
        "reason": "import|demand",
        "began_at": "timestamp",
        "seen_count": "integer",
        "changed_count": "integer",
        "effect_count": "integer",
        "undone_at": "timestamp?"
    }')
);

create or replace function api.effect_undo(_user_id bigint, _run_id api.key)
returns json
language plpgsql
as $$
begin
    return json_build_object('changed_count', core.effect_undo(_user_id, _run_id));
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/rule-runs/{run_id}/undo', 'api.effect_undo',
    summary => 'Take back what rules set in a run and nobody has changed since',
    tags => '{transactions,forecast}',
    timeout_ms => 15000,
    is_fast => false,
    answer => '{"changed_count": "integer"}'
);
