-- Rules tried and applied.

-- A rule tested before it is saved: a new one, or a saved one (rule_id) with what the body changes.
-- It looks at the newest 20,000 bookings of the days named.
create or replace function api.trial_preview(
    _user_id bigint,
    _body jsonb,
    _rule_id api.key default null,
    _from api.day default null,
    _to api.day default null,
    _limit api.page_limit default 20,
    _name api.label default null,
    _is_active boolean default null,
    _texts api.rule_texts default null,
    _text_match api.text_match default null,
    _text_field api.text_field default null,
    _text_need api.text_need default null,
    _amount_from api.money default null,
    _amount_to api.money default null,
    _amount_by api.amount_by default null,
    _account_ids api.rule_accounts default null,
    _direction api.direction default null,
    _month_days api.month_days default null,
    _subcategory_id api.key default null,
    _counterparty api.label default null,
    _add_tags api.rule_tags default null,
    _remove_tags api.rule_tags default null,
    _transfer_account_id api.key default null,
    _is_last boolean default null,
    _is_overwriting boolean default null
)
returns json
language plpgsql stable
as $$
declare
    v_old data.transaction_rules;
    v_draft jsonb;
begin
    if _rule_id is not null then
        v_old := core.rulebook_find(_user_id, _rule_id);
        perform core.check_known('rule_id', 'rule', v_old.id is not null);
    end if;
    v_draft := to_jsonb(core.draft_merged(
        _user_id,
        v_old,
        case when _rule_id is null then '{"name": "new"}' else '{}' end::jsonb
        || (
            -- What cannot be empty is kept, as an edit would refuse to clear it.
            select coalesce(jsonb_object_agg(key, value), '{}')
            from jsonb_each(_body - '{rule_id,from,to,limit,is_active}'::text[])
            where jsonb_typeof(value) <> 'null'
               or key !~ '^(name|text_match|text_field|text_need|amount_by|is_.*)$'
        )
        || '{"is_active": true}'
    ));
    return core.preview_json(
        _user_id,
        core.trial_ids(_user_id, _from, _to, null, false, null, null, 20000),
        v_draft,
        coalesce(_limit, 20)
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transaction-rules/preview', 'api.trial_preview',
    summary => 'Test a rule against history before it is saved',
    cost => 5,
    timeout_ms => 10000,
    is_fast => false,
    fields => '{
        "rule_id": {"description": "Begin with this rule; the other fields are its changes"},
        "limit": {"description": "How many of the bookings that meet it are shown"}
    }',
    answer => '{
        "seen_count": "integer",
        "met_count": "integer",
        "stopped_count": "integer",
        "changed_count": "integer",
        "changes_by_field": {
            "subcategory": "integer",
            "counterparty": "integer",
            "tags": "integer",
            "transfer": "integer"
        },
        "earlier_rules": [{
            "rule_id": "integer",
            "name": "text",
            "met_count": "integer",
            "is_last": "boolean"
        }],
        "items": [{
            "transaction_id": "integer",
            "transaction_date": "date",
            "account_id": "integer",
            "amount": "money",
            "description": "text",
            "counterparty": "text?",
            "is_reached": "boolean",
            "changes": [{"field": "text", "from": "any", "to": "any"}],
            "earlier_rule_ids": ["integer"]
        }]
    }'
);

-- Applies the rules to at most 20,000 bookings, the newest first; next_cursor goes on.
create or replace function api.trial_apply(
    _user_id bigint,
    _from api.day default null,
    _to api.day default null,
    _transaction_ids api.some_keys default null,
    _only_uncategorised boolean default true,
    _is_dry_run boolean default false,
    _cursor api.cursor default null
)
returns json
language plpgsql
as $$
declare
    v_change_no bigint;
    v_ids bigint[];
    v_changed bigint;
    v_effects bigint;
    v_changes json;
    v_run data.rule_runs;
begin
    perform core.cursor_check(_cursor);
    if not coalesce(_is_dry_run, false) then
        v_change_no := core.clock_tick(_user_id);
    end if;
    v_ids := core.trial_ids(
        _user_id, _from, _to, _transaction_ids, coalesce(_only_uncategorised, true),
        core.cursor_day(_cursor), core.cursor_id(_cursor), 20000
    );
    if v_change_no is null then
        select trial.changed_count, trial.effect_count, trial.changes
        into v_changed, v_effects, v_changes
        from core.trial_changes(_user_id, v_ids, 200) as trial;
    else
        v_run := core.ruleset_run(_user_id, v_ids, v_change_no, 'demand');
        v_changed := v_run.changed_count;
        v_effects := v_run.effect_count;
    end if;
    return json_build_object(
        'is_dry_run', v_change_no is null,
        'seen_count', cardinality(v_ids),
        'changed_count', coalesce(v_changed, 0),
        'effect_count', coalesce(v_effects, 0),
        'run_id', v_run.id,
        'changes', coalesce(v_changes, '[]'),
        'next_cursor', core.trial_cursor(_user_id, v_ids, 20000)
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transaction-rules/apply', 'api.trial_apply',
    summary => 'Apply the rules to transactions that are there',
    tags => '{transactions,forecast}',
    cost => 5,
    timeout_ms => 15000,
    is_fast => false,
    fields => '{
        "only_uncategorised": {"description": "Leave alone what has a category"},
        "is_dry_run": {"description": "Only say what would change: the first 200 changes"}
    }',
    answer => '{
        "is_dry_run": "boolean",
        "seen_count": "integer",
        "changed_count": "integer",
        "effect_count": "integer",
        "run_id": "integer?",
        "changes": [{
            "transaction_id": "integer",
            "rule_id": "integer",
            "rule_name": "text",
            "field": "subcategory|counterparty|tags|transfer",
            "from": "any",
            "to": "any"
        }],
        "next_cursor": "text?"
    }'
);
