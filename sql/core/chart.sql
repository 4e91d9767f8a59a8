-- A forecast as the wire writes it. Money and days become text once per day on which something
-- happens and are repeated up to the next one; nothing is built per day that stands still.

-- What a forecast may be asked for: its columns in order, and the months of the summary.
create or replace function core.chart_fields()
returns text[]
language sql immutable parallel safe
as $$
    select '{
        date, opening_balance, income, expenses, net_change, closing_balance, balance_status,
        plan, p10, p50, p90, below_reserve, months
    }'::text[];
$$;

-- The plan as members of a JSON object: initial_balance, summary and columns, of these only
-- _fields; no columns when none of them is asked for.
-- Parameters as core.step_rows, and the thresholds in cents; _band: see core.list_columns. A column
-- is made by repeating: one amount, '10.00,', six times is six days. plpgsql keeps the plan, which
-- 16 would make anew each time.
create or replace function core.chart_columns(
    _user_id bigint,
    _active bigint[],
    _covered bigint[],
    _gone_items bigint[],
    _gone_days date[],
    _extras core.due[],
    _as_of date,
    _due_from date,
    _opening_cents bigint,
    _start date,
    _days integer,
    _initial_cents bigint,
    _healthy_cents bigint,
    _warning_cents bigint,
    _reserve_cents bigint,
    _fields text[],
    _band text default null
)
returns text
language plpgsql stable parallel safe
as $$
declare
    v_has_months constant boolean := 'months' = any (_fields);
    v_has_closing constant boolean := _fields && '{closing_balance,opening_balance,plan}';
    v_has_flows constant boolean := _fields &&
        '{opening_balance,income,expenses,net_change,balance_status,months}';
    v_marks constant date[] := case when v_has_months then core.list_marks(_start, _days) end;
    v_total record;
    v_months text := '';
    v_columns text := '';
begin
    select
        known.*,
        known.closings[cardinality(known.closings)] as ending_cents,
        known.days[array_position(known.closings, known.lowest_cents)] as lowest_on,
        (
            select min(before.cents)
            from unnest(
                known.closings[:array_position(known.days, known.next_income_on) - 1]
            ) as before (cents)
        ) as lowest_before_cents
    into v_total
    from (
        -- The steps come in the order of their days, which is the order of every list made here.
        select
            array_agg(step.on_day) as days,
            array_agg(step.closing_cents) as closings,
            array_agg(step.gap_days) filter (where v_has_flows) as gaps,
            array_agg(step.income_cents) filter (where v_has_flows) as incomes,
            array_agg(step.expense_cents) filter (where v_has_flows) as spendings,
            core.cents_sum(step.income_cents) as income_cents,
            core.cents_sum(step.expense_cents) as expense_cents,
            min(step.closing_cents) as lowest_cents,
            min(step.on_day) filter (where step.closing_cents < 0) as first_negative_on,
            min(step.on_day) filter (
                where step.income_cents > 0 and step.on_day > _start
            ) as next_income_on,
            string_agg(
                repeat(core.cents_text(step.closing_cents) || ',', step.gap_days), ''
            ) filter (where v_has_closing) as closing
        from core.step_rows(
            _user_id, _active, _covered, _gone_items, _gone_days, _extras, _as_of, _due_from,
            _opening_cents, _start, _days, _initial_cents, v_marks
        ) as step
    ) as known;

    if v_has_months then
        v_months := ',"months":[' || core.list_months(
            v_marks, v_total.days, v_total.incomes, v_total.spendings, v_total.closings
        ) || ']';
    end if;
    if _fields = '{closing_balance}' then
        v_columns := ',"columns":{"closing_balance":['
            || replace(v_total.closing || ']}', ',]', ']');
    elsif not _fields <@ '{months}' then
        v_columns := core.list_columns(
            _fields, _start, _days, v_total.closing, v_total.gaps, v_total.incomes,
            v_total.spendings, v_total.closings, _healthy_cents, _warning_cents, _band
        );
    end if;
    -- One format(), its arguments in order of type: joining the texts of ten amounts takes longer.
    return format(
        '"initial_balance":%1$s,"summary":{"lowest_balance":%2$s,"lowest_on":"%7$s",'
            '"first_negative_on":%8$s,"next_income_on":%9$s,"lowest_before_next_income":%10$s,'
            '"safe_to_spend":%3$s,"ending_balance":%4$s,"total_income":%5$s,'
            '"total_expenses":%6$s%11$s}%12$s',
        (v_total.ending_cents - v_total.income_cents - v_total.expense_cents) * 0.01,
        v_total.lowest_cents * 0.01,
        greatest(
            0, coalesce(v_total.lowest_before_cents, v_total.lowest_cents) - _reserve_cents
        ) * 0.01,
        v_total.ending_cents * 0.01,
        v_total.income_cents * 0.01,
        v_total.expense_cents * 0.01,
        v_total.lowest_on,
        coalesce('"' || v_total.first_negative_on || '"', 'null'),
        coalesce('"' || v_total.next_income_on || '"', 'null'),
        coalesce(core.cents_text(v_total.lowest_before_cents), 'null'),
        v_months,
        v_columns
    );
end;
$$;
