-- The lists of a forecast as JSON writes them: a column is made by repeating, one amount, '10.00,',
-- six times is six days.

-- All columns of _fields as a member of a JSON object, after a comma. closing: the closing
-- balances as text, each followed by a comma. The arrays are figures of the same steps: how many
-- days each lasts, what it brings in and takes out, how it ends, in cents.
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
        v_lists := ',"date":[' || core.list_dates(_start, _days) || ']';
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

-- The days of a horizon, quoted and joined by commas, cut out of whole months of 13 characters a
-- day.
create or replace function core.list_dates(_start date, _days integer)
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
