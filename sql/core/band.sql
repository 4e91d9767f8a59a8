-- Band: the expectation beside the plan, as the wire writes it.

-- The columns of a forecast that need an expectation; without one of them none is made.
create or replace function core.band_fields()
returns text[]
language sql immutable parallel safe
as $$
    select '{p10,p50,p90,below_reserve}'::text[];
$$;

-- The expectation of the days of an answer, _days from _ground.start_on on. as_of itself, when it
-- is one of them, is known: its three balances are the one it opens with, its chance is 0 or 1.
-- _ground and _account_id: see core.ground_row; the next four as core.chart_columns. A balance that
-- is given moves every figure by its difference to the balance that _ground.start_on opens with by
-- the plan. An account without a state (closed, or none at all) is expected as planned.
-- Shape: one row; arrays of _days in cents and chances to three decimals, the rest as
-- core.curve_row. Risks count from as_of and are never null, however few days are asked for.
create or replace function core.band_row(
    _user_id bigint,
    _ground record,
    _account_id bigint,
    _gone_items bigint[],
    _gone_days date[],
    _extras core.due[],
    _due_from date,
    _days integer,
    _initial_cents bigint
)
returns table (
    basis text,
    fitted_on date,
    risk_7 numeric,
    risk_30 numeric,
    risk_90 numeric,
    p10 bigint[],
    p50 bigint[],
    p90 bigint[],
    below numeric[]
)
language plpgsql stable parallel safe
as $$
#variable_conflict use_column
declare
    v_offset constant integer := _ground.start_on - _ground.as_of;
    v_last constant integer := v_offset + _days - 1;
    v_span constant integer := greatest(v_last, 90);
    v_opening bigint := _ground.opening_cents;
    v_shift bigint := 0;
    v_fit data.expectation_fits;
    v_state data.expectation_states;
    v_plan record;
    v_curve record;
begin
    if _initial_cents is not null then
        select _initial_cents - (step.closing_cents - step.income_cents - step.expense_cents)
        into v_shift
        from core.step_rows(
            _user_id, _ground.active, _ground.covered, _gone_items, _gone_days, _extras,
            _ground.as_of, _due_from, v_opening, _ground.start_on, 1
        ) as step;
    end if;
    select * into v_fit from core.expectation_fit(_ground.as_of);
    v_fit := core.given_season(v_fit, _ground.currency);
    select state.* into v_state
    from core.expectation_states(_user_id, _ground.as_of) as state
    where state.account_id = coalesce(_account_id, 0);
    if not found then
        -- A record by names, so that a new column of states is no fault here.
        select * into v_state from jsonb_populate_record(
            null::data.expectation_states,
            jsonb_build_object(
                'as_of', _ground.as_of, 'history_days', 0, 'balance', v_opening, 'scale', 0,
                'sway', 0, 'swing', 0, 'due_days', '[]'::jsonb, 'due_cents', '[]'::jsonb
            )
        );
    end if;
    _ground.due_from := _due_from;
    select * into v_plan
    from core.extra_row(_user_id, _ground, v_state.due_days, v_state.due_cents, v_span);
    select * into v_curve
    from core.curve_row(
        v_state, v_fit, v_span, v_plan.closing, v_plan.extra, _ground.reserve_cents - v_shift
    );
    return query
    select
        v_curve.basis,
        v_fit.fitted_on,
        round(v_curve.risk_7::numeric, 3),
        round(v_curve.risk_30::numeric, 3),
        round(v_curve.risk_90::numeric, 3),
        array_agg(day.p10 + v_shift order by day.place),
        array_agg(day.p50 + v_shift order by day.place),
        array_agg(day.p90 + v_shift order by day.place),
        array_agg(day.below order by day.place)
    from (
        select
            0 as place,
            v_opening as p10,
            v_opening as p50,
            v_opening as p90,
            (v_opening + v_shift < _ground.reserve_cents)::integer * 1.000 as below
        where v_offset = 0
        union all
        select *
        from (
            select
                ahead.place::integer,
                ahead.p10,
                ahead.p50,
                ahead.p90,
                round(ahead.below::numeric, 3)
            from unnest(
                v_curve.p10_cents, v_curve.p50_cents, v_curve.p90_cents, v_curve.below
            ) with ordinality as ahead (p10, p50, p90, below, place)
        ) as known
        where known.place between v_offset and v_last
    ) as day;
end;
$$;

-- The same in texts: expectation, the object with the risks and the lowest days of the answer;
-- columns, members of the object of columns joined by commas; members, an element a day for
-- core.row_list, each after a comma. Of these the last two only for _format and only _fields.
-- Parameters as core.band_row. Shape: one row; columns and members null where not wanted.
create or replace function core.band_texts(
    _user_id bigint,
    _ground record,
    _account_id bigint,
    _gone_items bigint[],
    _gone_days date[],
    _extras core.due[],
    _due_from date,
    _days integer,
    _initial_cents bigint,
    _format text,
    _fields text[]
)
returns table (expectation text, columns text, members text[])
language plpgsql stable parallel safe
as $$
declare
    v_band record;
    v_low_p10 bigint;
    v_low_p50 bigint;
begin
    select * into v_band
    from core.band_row(
        _user_id, _ground, _account_id, _gone_items, _gone_days, _extras, _due_from, _days,
        _initial_cents
    );
    select min(day.p10), min(day.p50) into v_low_p10, v_low_p50
    from unnest(v_band.p10, v_band.p50) as day (p10, p50);
    expectation := format(
        '"expectation":{"basis":"%s","fitted_on":"%s","reserve":%s,"risk_7":%s,"risk_30":%s,'
            '"risk_90":%s,"lowest_p10":%s,"lowest_p10_on":"%s","lowest_p50":%s,'
            '"lowest_p50_on":"%s"}',
        v_band.basis,
        v_band.fitted_on,
        core.cents_text(_ground.reserve_cents),
        v_band.risk_7,
        v_band.risk_30,
        v_band.risk_90,
        core.cents_text(v_low_p10),
        _ground.start_on + array_position(v_band.p10, v_low_p10) - 1,
        core.cents_text(v_low_p50),
        _ground.start_on + array_position(v_band.p50, v_low_p50) - 1
    );
    if _format = 'columns' then
        select concat_ws(
            ',',
            '"p10":[' || string_agg(core.cents_text(day.p10), ',')
                filter (where 'p10' = any (_fields)) || ']',
            '"p50":[' || string_agg(core.cents_text(day.p50), ',')
                filter (where 'p50' = any (_fields)) || ']',
            '"p90":[' || string_agg(core.cents_text(day.p90), ',')
                filter (where 'p90' = any (_fields)) || ']',
            '"below_reserve":[' || string_agg(day.below::text, ',')
                filter (where 'below_reserve' = any (_fields)) || ']'
        )
        into columns
        from unnest(v_band.p10, v_band.p50, v_band.p90, v_band.below) as day (p10, p50, p90, below);
    else
        select array_agg(
            concat(
                case when 'p10' = any (_fields) then ',"p10":' || core.cents_text(day.p10) end,
                case when 'p50' = any (_fields) then ',"p50":' || core.cents_text(day.p50) end,
                case when 'p90' = any (_fields) then ',"p90":' || core.cents_text(day.p90) end,
                case when 'below_reserve' = any (_fields)
                    then ',"below_reserve":' || day.below end
            )
        )
        into members
        from unnest(v_band.p10, v_band.p50, v_band.p90, v_band.below) as day (p10, p50, p90, below);
    end if;
    return next;
end;
$$;
