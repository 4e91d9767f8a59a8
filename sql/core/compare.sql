-- What would be: the plan as it is beside the plan with scenarios laid upon it.

-- The columns of a comparison, in order.
create or replace function core.compare_fields()
returns text[]
language sql immutable parallel safe
as $$
    select '{date,baseline,scenario,difference,baseline_p10,baseline_p50,baseline_p90,scenario_p10,
        scenario_p50,scenario_p90}'::text[];
$$;

-- Months of one line less those of another, as a JSON array; both are core.line_row's.
create or replace function core.compare_months(_above json, _base json)
returns text
language sql immutable parallel safe
as $$
    select '[' || string_agg(
        format(
            '{"month":%s,"income":%s,"expenses":%s,"net_change":%s,"closing_balance":%s,'
                '"lowest_balance":%s}',
            above.value -> 'month',
            (above.value ->> 'income')::numeric - (base.value ->> 'income')::numeric,
            (above.value ->> 'expenses')::numeric - (base.value ->> 'expenses')::numeric,
            (above.value ->> 'net_change')::numeric - (base.value ->> 'net_change')::numeric,
            (above.value ->> 'closing_balance')::numeric
                - (base.value ->> 'closing_balance')::numeric,
            (above.value ->> 'lowest_balance')::numeric - (base.value ->> 'lowest_balance')::numeric
        ),
        ',' order by above.place
    ) || ']'
    from json_array_elements(_above) with ordinality as above (value, place)
    inner join json_array_elements(_base) with ordinality as base (value, place)
        on base.place = above.place;
$$;

-- What api.scenario_compare answers. Each scenario of _scenario_ids, in their order, then _changes
-- (null: none), is laid upon what the ones before it left; the last line is the scenario.
-- Errors: PT404 no such user, account_id, scenario_ids; PT409 with scenario_ids when a saved one no
-- longer fits; PT422 and PT404 with the place of a change, see core.stack_row.
create or replace function core.compare_json(
    _user_id bigint,
    _as_of date,
    _days integer,
    _account_id bigint,
    _overdue text,
    _scenario_ids bigint[],
    _changes jsonb,
    _fields text[]
)
returns json
language plpgsql stable
set datestyle = 'ISO'
as $$
declare
    v_ground record;
    v_base record;
    v_line record;
    v_state record;
    v_stage record;
    v_stages text[] := '{}';
    v_difference text;
    v_gap bigint[];
    v_figures text;
    v_bands text;
begin
    select ground.* into v_ground
    from core.ground_row(_user_id, _as_of, null, _account_id) as ground;
    perform
        core.check_found('user', v_ground.as_of),
        core.check_known('account_id', 'account', _account_id is null or v_ground.covered <> '{}'),
        core.check_known(
            'scenario_ids', 'scenario', core.scenario_known(_user_id, _scenario_ids)
        );
    select line.* into v_base
    from core.line_row(_user_id, v_ground.as_of, _days, _account_id, _overdue) as line;
    v_line := v_base;
    select
        core.stack_items(_user_id) as drafts,
        null::core.pause[] as pauses,
        null::core.due[] as moves,
        null::bigint as initial_cents,
        null::bigint[] as gone_items,
        null::bigint[] as gone_goals
    into v_state;
    -- A loop, because each scenario finds what the one before it left.
    for v_stage in
        select saved.id, saved.name, saved.changes
        from core.stack_stages(_user_id, _scenario_ids, _changes) as saved
        order by saved.place
    loop
        begin
            select laid.* into v_state
            from core.stack_row(
                _user_id, v_ground.as_of, v_ground.as_of + _days - 1, v_ground.covered,
                v_state.drafts, v_state.pauses, v_state.moves, v_state.initial_cents,
                v_stage.changes, v_stage.id is not null
            ) as laid;
        exception
            when sqlstate 'PT404' or sqlstate 'PT409' or sqlstate 'PT422' then
                if v_stage.id is null then
                    raise;
                end if;
                raise exception 'The scenario "%" no longer fits: %', v_stage.name, sqlerrm
                    using errcode = 'PT409', column = 'scenario_ids';
        end;
        select line.* into v_line
        from core.line_row(
            _user_id, v_ground.as_of, _days, _account_id, _overdue, v_state.drafts,
            v_state.pauses, v_state.moves, v_state.initial_cents
        ) as line;
        v_difference := core.compare_difference(
            v_line.initial_cents - v_base.initial_cents,
            v_line.lowest_cents - v_base.lowest_cents,
            v_line.ending_cents - v_base.ending_cents,
            v_line.income_cents - v_base.income_cents,
            v_line.expense_cents - v_base.expense_cents
        );
        v_stages := v_stages || format(
            '{"scenario_id":%s,"name":%s,%s,"difference":{%s},"gone_items":[%s],"gone_goals":[%s]}',
            coalesce(v_stage.id::text, 'null'), coalesce(to_json(v_stage.name)::text, 'null'),
            v_line.summary, v_difference, array_to_string(v_state.gone_items, ','),
            array_to_string(v_state.gone_goals, ',')
        );
    end loop;
    v_gap := core.line_gap(
        v_ground.as_of, _days, v_line.days, v_line.closings, v_base.days, v_base.closings
    );
    if array_to_string(_fields, ',') ~ '_p' then
        select prospect.figures, prospect.columns into v_figures, v_bands
        from core.prospect_row(
            _user_id, v_ground.as_of, _days, _account_id,
            case _overdue when 'omit' then v_ground.as_of end, v_base.closings[1], v_gap, _fields
        ) as prospect;
    end if;
    return format(
        '{"as_of":"%s","days":%s,"currency":"%s","excluded_accounts":[%s],"reserve":%s,'
            '"baseline":{%s,"months":%s},"stages":[%s],"scenario":{%s,"months":%s},'
            '"difference":{%s,"months":%s}%s%s}',
        v_ground.as_of,
        _days,
        v_ground.currency,
        array_to_string(v_ground.excluded, ','),
        core.cents_text(v_ground.reserve_cents),
        v_base.summary,
        v_base.months,
        array_to_string(v_stages, ','),
        v_line.summary,
        v_line.months,
        coalesce(v_difference, core.compare_difference(0, 0, 0, 0, 0)),
        core.compare_months(v_line.months::json, v_base.months::json),
        ',"expectation":' || v_figures,
        ',"columns":{' || nullif(
            concat_ws(
                ',',
                case when 'date' = any (_fields) then
                    '"date":[' || core.list_dates(v_ground.as_of, _days) || ']'
                end,
                case when 'baseline' = any (_fields) then
                    '"baseline":' || core.line_text(v_base.closings, v_base.gaps)
                end,
                case when 'scenario' = any (_fields) then
                    '"scenario":' || core.line_text(v_line.closings, v_line.gaps)
                end,
                case when 'difference' = any (_fields) then
                    '"difference":' || core.line_text(v_gap)
                end,
                v_bands
            ),
            ''
        ) || '}'
    );
end;
$$;

-- The figures of a difference, scenario less baseline, as members of a JSON object; given in cents.
create or replace function core.compare_difference(
    _initial_cents bigint,
    _lowest_cents bigint,
    _ending_cents bigint,
    _income_cents bigint,
    _expense_cents bigint
)
returns text
language sql immutable parallel safe
as $$
    select format(
        '"initial_balance":%s,"lowest_balance":%s,"ending_balance":%s,"total_income":%s,'
            '"total_expenses":%s',
        core.cents_text(_initial_cents),
        core.cents_text(_lowest_cents),
        core.cents_text(_ending_cents),
        core.cents_text(_income_cents),
        core.cents_text(_expense_cents)
    );
$$;
