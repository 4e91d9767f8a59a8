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
-- one amount, ',10.00', six times is six days. plpgsql keeps the plan, which 16 would make anew
-- each time.
create or replace function core.chart_columns(
    _user_id bigint,
    _active bigint[],
    _covered bigint[],
    _traces bigint[],
    _opening_cents bigint,
    _as_of date,
    _start date,
    _days integer,
    _has_overdue boolean,
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
    v_has_dates constant boolean := 'date' = any (_fields);
    v_has_opening constant boolean := 'opening_balance' = any (_fields);
    v_has_income constant boolean := 'income' = any (_fields);
    v_has_expenses constant boolean := 'expenses' = any (_fields);
    v_has_net constant boolean := 'net_change' = any (_fields);
    v_has_closing constant boolean := 'closing_balance' = any (_fields);
    v_has_status constant boolean := 'balance_status' = any (_fields);
    v_has_months constant boolean := 'months' = any (_fields);
    v_marks constant date[] := case when v_has_months then array(
        select first_on
        from data.months
        where first_on > _start
          and first_on < _start + _days
        order by first_on
    ) end;
begin
    return (
        with parts as (
            select
                step.part,
                min(step.on_day) as on_day,
                min(step.closing_cents - step.income_cents - step.expense_cents) filter (
                    where step.on_day = _start
                ) as initial_cents,
                core.cents_sum(step.income_cents) as income_cents,
                core.cents_sum(step.expense_cents) as expense_cents,
                min(step.closing_cents) as lowest_cents,
                (array_agg(step.on_day order by step.on_day))[array_position(
                    array_agg(step.closing_cents order by step.on_day), min(step.closing_cents)
                )] as lowest_on,
                (array_agg(step.closing_cents order by step.on_day))[count(*)] as ending_cents,
                min(step.on_day) filter (where step.closing_cents < 0) as first_negative_on,
                min(step.on_day) filter (where step.payday_count > 0) as next_income_on,
                min(step.closing_cents) filter (
                    where step.payday_count = 0
                ) as lowest_before_cents,
                string_agg(
                    repeat(',' || core.cents_text(step.closing_cents), step.gap_days),
                    '' order by step.on_day
                ) filter (where v_has_closing or v_has_opening) as closing,
                string_agg(
                    case step.income_cents
                        when 0 then repeat(',0.00', step.gap_days)
                        else ',' || core.cents_text(step.income_cents)
                            || repeat(',0.00', step.gap_days - 1)
                    end,
                    '' order by step.on_day
                ) filter (where v_has_income) as income,
                string_agg(
                    case step.expense_cents
                        when 0 then repeat(',0.00', step.gap_days)
                        else ',' || core.cents_text(step.expense_cents)
                            || repeat(',0.00', step.gap_days - 1)
                    end,
                    '' order by step.on_day
                ) filter (where v_has_expenses) as expenses,
                string_agg(
                    ',' || core.cents_text(step.income_cents + step.expense_cents)
                        || repeat(',0.00', step.gap_days - 1),
                    '' order by step.on_day
                ) filter (where v_has_net) as net_change,
                string_agg(
                    repeat(
                        case
                            when step.closing_cents >= _healthy_cents then ',"healthy"'
                            when step.closing_cents >= _warning_cents then ',"warning"'
                            else ',"danger"'
                        end,
                        step.gap_days
                    ),
                    '' order by step.on_day
                ) filter (where v_has_status) as status
            from core.forecast_steps(
                _user_id, _active, _covered, _traces, _opening_cents, _as_of, _start, _days,
                _has_overdue, _initial_cents, v_marks
            ) as step
            group by step.part
        ),
        totals as (
            select
                core.cents_text(min(part.initial_cents)) as initial_balance,
                core.cents_text(min(part.lowest_cents)) as lowest_balance,
                min(part.lowest_cents) as lowest_cents,
                (array_agg(part.lowest_on order by part.part))[array_position(
                    array_agg(part.lowest_cents order by part.part), min(part.lowest_cents)
                )] as lowest_on,
                min(part.first_negative_on) as first_negative_on,
                min(part.next_income_on) as next_income_on,
                -- Without an income to come there is no day before it.
                case
                    when min(part.next_income_on) is not null then min(part.lowest_before_cents)
                end as lowest_before_cents,
                core.cents_text(
                    (array_agg(part.ending_cents order by part.part))[count(*)]
                ) as ending_balance,
                core.cents_text(core.cents_sum(part.income_cents)) as total_income,
                core.cents_text(core.cents_sum(part.expense_cents)) as total_expenses,
                string_agg(
                    concat(
                        '{"month":', left(to_json(part.on_day)::text, 8),
                        '","income":', core.cents_text(part.income_cents),
                        ',"expenses":', core.cents_text(part.expense_cents),
                        ',"net_change":', core.cents_text(part.income_cents + part.expense_cents),
                        ',"closing_balance":', core.cents_text(part.ending_cents),
                        ',"lowest_balance":', core.cents_text(part.lowest_cents), '}'
                    ),
                    ',' order by part.part
                ) filter (where v_has_months) as months,
                string_agg(part.closing, '' order by part.part) as closing,
                string_agg(part.income, '' order by part.part) as income,
                string_agg(part.expenses, '' order by part.part) as expenses,
                string_agg(part.net_change, '' order by part.part) as net_change,
                string_agg(part.status, '' order by part.part) as status
            from parts as part
        )
        select concat(
            '"initial_balance":', total.initial_balance,
            ',"summary":{"lowest_balance":', total.lowest_balance,
            ',"lowest_on":', to_json(total.lowest_on),
            ',"first_negative_on":', coalesce(to_json(total.first_negative_on)::text, 'null'),
            ',"next_income_on":', coalesce(to_json(total.next_income_on)::text, 'null'),
            ',"lowest_before_next_income":',
            coalesce(core.cents_text(total.lowest_before_cents), 'null'),
            ',"safe_to_spend":', core.cents_text(greatest(
                0, coalesce(total.lowest_before_cents, total.lowest_cents) - _reserve_cents
            )),
            ',"ending_balance":', total.ending_balance,
            ',"total_income":', total.total_income,
            ',"total_expenses":', total.total_expenses,
            ',"months":[' || total.months || ']',
            '}',
            ',"columns":{' || nullif(substr(
                concat(
                    ',"date":[' || case when v_has_dates then (
                        -- 13 characters a day: ten, two quotes and a comma.
                        select substr(
                            string_agg(month.days, ',' order by month.first_on),
                            (_start - min(month.first_on)) * 13 + 1,
                            _days * 13 - 1
                        )
                        from data.day_texts as month
                        where month.first_on > _start - 31
                          and month.first_on < _start + _days
                    ) end || ']',
                    ',"opening_balance":[' || case when v_has_opening then
                        total.initial_balance
                        || left(total.closing, -1 - length(total.ending_balance))
                    end || ']',
                    ',"income":[' || substr(total.income, 2) || ']',
                    ',"expenses":[' || substr(total.expenses, 2) || ']',
                    ',"net_change":[' || substr(total.net_change, 2) || ']',
                    ',"closing_balance":['
                    || case when v_has_closing then substr(total.closing, 2) end || ']',
                    ',"balance_status":[' || substr(total.status, 2) || ']'
                ),
                2
            ), '') || '}'
        )
        from totals as total
    );
end;
$$;
