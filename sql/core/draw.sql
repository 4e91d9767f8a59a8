-- What a scenario looks like on the wire: the fields of a body, and what is answered.

-- JSON Schema of the lists of a scenario, as fields of a body, for api.route.
create or replace function core.draw_fields()
returns jsonb
language sql stable
as $$
    with words as (
        select
            '{kind,name,amount,account_id,frequency,anchor_on}'::text[] as required,
            '{"type": "integer", "minimum": 1, "maximum": 999999999999999999}'::jsonb as key,
            '{"type": ["integer", "null"], "minimum": 1, "maximum": 999999999999999999}'::jsonb
                as some_key,
            '{"type": "string", "format": "date",
              "pattern": "^(19[0-9]{2}|2(0[0-9]{2}|1[0-9]{2}|200))-[0-9]{2}-[0-9]{2}$"}'::jsonb
                as day,
            '{"type": "number", "multipleOf": 0.01, "minimum": 0.01, "maximum": 1000000000}'::jsonb
                as amount,
            '{"type": "string", "minLength": 1, "maxLength": 200, "pattern": "\\S"}'::jsonb as name
    ),
    lists as (
        select
            'added' as field,
            'Items that come, as for POST recurring-items' as description,
            core.thought_schema(words.required) as properties,
            to_jsonb(words.required) as required
        from words
        union all
        select
            'changed',
            'Items that change: recurring_item_id and what a PATCH of it would say',
            core.thought_schema('{}') || jsonb_build_object('recurring_item_id', words.key),
            '["recurring_item_id"]'
        from words
        union all
        select
            'paused',
            'Items that rest from from_on to to_on, or until further notice',
            jsonb_build_object(
                'recurring_item_id', words.key,
                'from_on', words.day,
                'to_on', words.day || '{"type": ["string", "null"]}'
            ),
            '["recurring_item_id", "from_on"]'
        from words
        union all
        select
            'purchases',
            'Money spent once: from account_id, or from all that the forecast covers',
            jsonb_build_object(
                'name', words.name || '{"type": ["string", "null"]}',
                'amount', words.amount || '{"minimum": -1000000000, "maximum": -0.01,
                    "examples": [-12.34]}',
                'on_day', words.day,
                'account_id', words.some_key
            ),
            '["amount", "on_day"]'
        from words
        union all
        select
            'goals',
            'A goal of yours by its number, or money put aside every month from from_on (or as_of) '
                'until the target is reached',
            jsonb_build_object(
                'financial_goal_id', words.key,
                'name', words.name || '{"type": ["string", "null"]}',
                'target', words.amount,
                'monthly', words.amount,
                'saved', words.amount || '{"type": ["number", "null"], "minimum": 0}',
                'from_on', words.day || '{"type": ["string", "null"]}',
                'account_id', words.some_key
            ),
            '[]'
        from words
    )
    select jsonb_object_agg(
        list.field,
        jsonb_build_object(
            'type', '["array", "null"]'::jsonb,
            'maxItems', 50,
            'description', list.description,
            'items', jsonb_build_object(
                'type', 'object',
                'additionalProperties', false,
                'required', list.required,
                'properties', list.properties
            )
        )
    ) || jsonb_build_object(
        'removed', jsonb_build_object(
            'type', '["array", "null"]'::jsonb,
            'maxItems', 50,
            'description', 'Numbers of items that go',
            'items', (select words.key from words)
        ),
        'balance', '{"description": "Balance to begin with, in place of that of the accounts"}'
            ::jsonb
    )
    from lists as list;
$$;

-- What api functions say of a saved scenario, in the words of api.route.
create or replace function core.draw_scenario()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "integer",
        "name": "text",
        "added": ["object"],
        "changed": ["object"],
        "removed": ["integer"],
        "paused": ["object"],
        "purchases": ["object"],
        "goals": ["object"],
        "balance": "money?",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- What api.scenario_compare answers, in the words of api.route.
create or replace function core.draw_compare()
returns jsonb
language sql immutable parallel safe
as $$
    with shapes as (
        select
            '{
                "initial_balance": "money",
                "lowest_balance": "money",
                "lowest_on": "date",
                "first_negative_on": "date?",
                "first_below_reserve_on": "date?",
                "ending_balance": "money",
                "total_income": "money",
                "total_expenses": "money"
            }'::jsonb as line,
            '{
                "initial_balance": "money",
                "lowest_balance": "money",
                "ending_balance": "money",
                "total_income": "money",
                "total_expenses": "money"
            }'::jsonb as difference,
            '{"months": [{
                "month": "text",
                "income": "money",
                "expenses": "money",
                "net_change": "money",
                "closing_balance": "money",
                "lowest_balance": "money"
            }]}'::jsonb as months
    )
    select jsonb_build_object(
        'as_of', 'date',
        'days', 'integer',
        'currency', 'text',
        'excluded_accounts', '["integer"]'::jsonb,
        'reserve', 'money',
        'baseline', shapes.line || shapes.months,
        'stages', jsonb_build_array(
            shapes.line || jsonb_build_object(
                'scenario_id', 'integer?',
                'name', 'text?',
                'difference', shapes.difference,
                'gone_items', '["integer"]'::jsonb,
                'gone_goals', '["integer"]'::jsonb
            )
        ),
        'scenario', shapes.line || shapes.months,
        'difference', shapes.difference || shapes.months,
        'expectation?', '{
            "basis": "history|pooled|plan",
            "fitted_on": "date?",
            "baseline_lowest_p10": {"balance": "money", "date": "date"},
            "baseline_lowest_p50": {"balance": "money", "date": "date"},
            "scenario_lowest_p10": {"balance": "money", "date": "date"},
            "scenario_lowest_p50": {"balance": "money", "date": "date"}
        }'::jsonb,
        'columns?', (
            select jsonb_object_agg(
                name || '?', jsonb_build_array(case name when 'date' then 'date' else 'money' end)
            )
            from unnest(core.compare_fields()) as name
        )
    )
    from shapes;
$$;
