-- A forecast as the wire writes it. Money and days become text once per day on which something
-- happens and are repeated up to the next one; nothing is built per day that stands still.

-- What a forecast may be asked for: its columns in order, and the months of the summary.
create or replace function core.chart_fields()
returns text[]
language sql immutable parallel safe
as $$
    select '{date,opening_balance,income,expenses,net_change,closing_balance,balance_status,months}'
        ::text[];
$$;

-- The plan as members of a JSON object: initial_balance, summary and columns, of these only
-- _fields; no columns when none of them is asked for.
-- Parameters as core.forecast_steps, and the thresholds in cents. A column is made by repeating:
-- one amount, '10.00,', six times is six days. plpgsql keeps the plan, which 16 would make anew
-- each time.
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
    _fields text[]
)
returns text
language plpgsql stable parallel safe
as $$
declare
    v_has_months constant boolean := 'months' = any (_fields);
    v_has_closing constant boolean := _fields && '{closing_balance,opening_balance}';
    v_has_flows constant boolean := _fields &&
        '{opening_balance,income,expenses,net_change,balance_status,months}';
    v_marks constant date[] := case when v_has_months then core.chart_marks(_start, _days) end;
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
        from core.forecast_steps(
            _user_id, _active, _covered, _gone_items, _gone_days, _extras, _as_of, _due_from,
            _opening_cents, _start, _days, _initial_cents, v_marks
        ) as step
    ) as known;

    if v_has_months then
        v_months := ',"months":[' || core.chart_months(
            v_marks, v_total.days, v_total.incomes, v_total.spendings, v_total.closings
        ) || ']';
    end if;
    if _fields = '{closing_balance}' then
        v_columns := ',"columns":{"closing_balance":[' || rtrim(v_total.closing, ',') || ']}';
    elsif not _fields <@ '{months}' then
        v_columns := core.chart_lists(
            _fields, _start, _days, v_total.closing, v_total.gaps, v_total.incomes,
            v_total.spendings, v_total.closings, _healthy_cents, _warning_cents
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

-- All columns of _fields as a member of a JSON object, after a comma. closing: the closing balances as
-- text, each followed by a comma. The arrays are figures of the same steps: how many days each lasts,
-- what it brings in and takes out, how it ends, in cents.
create or replace function core.chart_lists(
    _fields text[],
    _start date,
    _days integer,
    _closing text,
    _gaps integer[],
    _incomes bigint[],
    _expenses bigint[],
    _closings bigint[],
    _healthy_cents bigint,
    _warning_cents bigint
)
returns text
language plpgsql stable parallel safe
as $$
declare
    v_has_income constant boolean := 'income' = any (_fields);
    v_has_expenses constant boolean := 'expenses' = any (_fields);
    v_has_net constant boolean := 'net_change' = any (_fields);
    v_has_status constant boolean := 'balance_status' = any (_fields);
    v_lists text := '';
begin
    if 'date' = any (_fields) then
        v_lists := ',"date":[' || core.chart_dates(_start, _days) || ']';
    end if;
    if 'opening_balance' = any (_fields) then
        -- The first day opens before its step, every other day as the day before it closed.
        v_lists := v_lists || ',"opening_balance":[' || rtrim(
            core.cents_text(_closings[1] - _incomes[1] - _expenses[1]) || ','
                || left(
                    _closing, -1 - length(core.cents_text(_closings[cardinality(_closings)]))
                ),
            ','
        ) || ']';
    end if;
    if v_has_income or v_has_expenses or v_has_net then
        v_lists := v_lists || (
            select coalesce(',"income":[' || rtrim(list.income, ',') || ']', '')
                || coalesce(',"expenses":[' || rtrim(list.expenses, ',') || ']', '')
                || coalesce(',"net_change":[' || rtrim(list.net_change, ',') || ']', '')
            from (
                select
                    string_agg(step.income || step.zeros, '') filter (where v_has_income) as income,
                    string_agg(step.expense || step.zeros, '') filter (
                        where v_has_expenses
                    ) as expenses,
                    string_agg(
                        case
                            when step.expense_cents = 0 then step.income
                            when step.income_cents = 0 then step.expense
                            else core.cents_text(step.income_cents + step.expense_cents) || ','
                        end || step.zeros,
                        ''
                    ) filter (where v_has_net) as net_change
                from (
                    select
                        known.income_cents,
                        known.expense_cents,
                        case known.income_cents
                            when 0 then '0.00,' else core.cents_text(known.income_cents) || ','
                        end as income,
                        case known.expense_cents
                            when 0 then '0.00,' else core.cents_text(known.expense_cents) || ','
                        end as expense,
                        repeat('0.00,', known.gap_days - 1) as zeros
                    from unnest(_gaps, _incomes, _expenses) as known (
                        gap_days, income_cents, expense_cents
                    )
                    offset 0
                ) as step
            ) as list
        );
    end if;
    if 'closing_balance' = any (_fields) then
        v_lists := v_lists || ',"closing_balance":[' || rtrim(_closing, ',') || ']';
    end if;
    if v_has_status then
        v_lists := v_lists || ',"balance_status":[' || rtrim(
            (
                select string_agg(
                    repeat(
                        case
                            when step.closing_cents >= _healthy_cents then '"healthy",'
                            when step.closing_cents >= _warning_cents then '"warning",'
                            else '"danger",'
                        end,
                        step.gap_days
                    ),
                    ''
                )
                from unnest(_gaps, _closings) as step (gap_days, closing_cents)
            ),
            ','
        ) || ']';
    end if;
    return ',"columns":{' || substr(v_lists, 2) || '}';
end;
$$;

-- The first of every month after _start within _days.
create or replace function core.chart_marks(_start date, _days integer)
returns date[]
language plpgsql stable parallel safe
as $$
begin
    return array(
        select first_on
        from data.months
        where first_on > _start
          and first_on < _start + _days
        order by first_on
    );
end;
$$;

-- The days of a horizon, quoted and joined by commas, cut out of whole months of 13 characters a day.
create or replace function core.chart_dates(_start date, _days integer)
returns text
language plpgsql stable parallel safe
as $$
begin
    return (
        select substr(
            string_agg(month.days, ',' order by month.first_on),
            (_start - min(month.first_on)) * 13 + 1,
            _days * 13 - 1
        )
        from data.day_texts as month
        where month.first_on > _start - 31
          and month.first_on < _start + _days
    );
end;
$$;

-- The months of a summary, as objects joined by commas. _marks: the first of every month but the
-- first one; each of them is in _days. The other arrays are figures of the same steps, in cents.
create or replace function core.chart_months(
    _marks date[], _days date[], _incomes bigint[], _expenses bigint[], _closings bigint[]
)
returns text
language plpgsql stable parallel safe
as $$
begin
    return (
        select string_agg(
            format(
                '{"month":"%6$s","income":%1$s,"expenses":%2$s,"net_change":%3$s,'
                    '"closing_balance":%4$s,"lowest_balance":%5$s}',
                month.income_cents * 0.01,
                month.expense_cents * 0.01,
                (month.income_cents + month.expense_cents) * 0.01,
                _closings[month.last_place] * 0.01,
                month.lowest_cents * 0.01,
                to_char(_days[month.first_place], 'YYYY-MM')
            ),
            ',' order by month.first_place
        )
        from (
            select
                min(step.place) as first_place,
                max(step.place) as last_place,
                core.cents_sum(step.income_cents) as income_cents,
                core.cents_sum(step.expense_cents) as expense_cents,
                min(step.closing_cents) as lowest_cents
            from unnest(_days, _incomes, _expenses, _closings) with ordinality as step (
                on_day, income_cents, expense_cents, closing_cents, place
            )
            group by width_bucket(step.on_day, _marks)
        ) as month
    );
end;
$$;
