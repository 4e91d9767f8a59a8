-- The lists of a forecast as JSON writes them: a column is made by repeating, one amount, '10.00,',
-- six times is six days.

-- All columns of _fields as a member of a JSON object, after a comma. closing: the closing
-- balances as text, each followed by a comma. The arrays are figures of the same steps: how many
-- days each lasts, what it brings in and takes out, how it ends, in cents. _band: more members, as
-- core.band_texts writes them, or null.
create or replace function core.list_columns(
    _fields text[],
    _start date,
    _days integer,
    _closing text,
    _gaps integer[],
    _incomes bigint[],
    _expenses bigint[],
    _closings bigint[],
    _healthy_cents bigint,
    _warning_cents bigint,
    _band text default null
)
returns text
language plpgsql stable parallel safe
as $$
declare
    v_has_income constant boolean := 'income' = any (_fields);
    v_has_expenses constant boolean := 'expenses' = any (_fields);
    v_has_net constant boolean := 'net_change' = any (_fields);
    v_dates text;
    v_opening text;
    v_flows record;
    v_closing text;
    v_status text;
    v_plan text;
begin
    if 'date' = any (_fields) then
        v_dates := '"date":[' || core.list_dates(_start, _days) || ']';
    end if;
    if 'opening_balance' = any (_fields) then
        -- The first day opens before its step, every other day as the day before it closed.
        v_opening := '"opening_balance":['
            || core.cents_text(_closings[1] - _incomes[1] - _expenses[1]) || ','
            || left(_closing, -1 - length(core.cents_text(_closings[cardinality(_closings)])))
            || ']';
    end if;
    select
        '"income":[' || string_agg(step.income || step.zeros, '') filter (
            where v_has_income
        ) || ']' as incomes,
        '"expenses":[' || string_agg(step.expense || step.zeros, '') filter (
            where v_has_expenses
        ) || ']' as expenses,
        '"net_change":[' || string_agg(
            case
                when step.expense_cents = 0 then step.income
                when step.income_cents = 0 then step.expense
                else core.cents_text(step.income_cents + step.expense_cents) || ','
            end || step.zeros,
            ''
        ) filter (where v_has_net) || ']' as net_changes
    into v_flows
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
        from unnest(_gaps, _incomes, _expenses) as known (gap_days, income_cents, expense_cents)
        where v_has_income or v_has_expenses or v_has_net
        offset 0
    ) as step;
    if 'closing_balance' = any (_fields) then
        v_closing := '"closing_balance":[' || _closing || ']';
    end if;
    if 'balance_status' = any (_fields) then
        v_status := '"balance_status":[' || (
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
        ) || ']';
    end if;
    if 'plan' = any (_fields) then
        v_plan := '"plan":[' || _closing || ']';
    end if;
    return ',"columns":{' || replace(
        concat_ws(
            ',', v_dates, v_opening, v_flows.incomes, v_flows.expenses, v_flows.net_changes,
            v_closing, v_status, v_plan, _band
        ),
        ',]', ']'
    ) || '}';
end;
$$;

-- The days of a horizon, quoted and joined by commas: whole months as they are stored, 13
-- characters a day, and a part of the first and the last one.
create or replace function core.list_dates(_start date, _days integer)
returns text
language plpgsql stable parallel safe
as $$
begin
    return (
        select string_agg(
            case
                when month.first_on >= _start and month.first_on + 31 <= _start + _days
                    then month.days
                else substr(
                    month.days,
                    greatest(0, _start - month.first_on) * 13 + 1,
                    least(_days, _start + _days - month.first_on) * 13 - 1
                )
            end,
            ',' order by month.first_on
        )
        from data.day_texts as month
        where month.first_on > _start - 31
          and month.first_on < _start + _days
          and (_start - month.first_on) * 13 < octet_length(month.days)
    );
end;
$$;

-- The first of every month after _start within _days.
create or replace function core.list_marks(_start date, _days integer)
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

-- The months of a summary, as objects joined by commas. _marks: the first of every month but the
-- first one; each of them is in _days. The other arrays are figures of the same steps, in cents.
create or replace function core.list_months(
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
