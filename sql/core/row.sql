-- A forecast as people ask for it: an object per day, and the balance of every account.

-- A day without its date: members of a JSON object, of these only _fields, each after a comma.
create or replace function core.row_members(
    _fields text[],
    _income_cents bigint,
    _expense_cents bigint,
    _closing_cents bigint,
    _status text
)
returns text
language sql immutable parallel safe
as $$
    select concat(
        case when 'opening_balance' = any (_fields) then ',"opening_balance":'
            || core.cents_text(_closing_cents - _income_cents - _expense_cents) end,
        case when 'income' = any (_fields) then ',"income":'
            || core.cents_text(_income_cents) end,
        case when 'expenses' = any (_fields) then ',"expenses":'
            || core.cents_text(_expense_cents) end,
        case when 'net_change' = any (_fields) then ',"net_change":'
            || core.cents_text(_income_cents + _expense_cents) end,
        case when 'closing_balance' = any (_fields) then ',"closing_balance":'
            || core.cents_text(_closing_cents) end,
        case when 'balance_status' = any (_fields) then ',"balance_status":"' || _status || '"' end,
        case when 'plan' = any (_fields) then ',"plan":' || core.cents_text(_closing_cents) end
    );
$$;

-- The plan as a JSON array of days. Parameters as core.chart_columns; _bands: more members of each
-- day, as core.band_texts writes them, or null.
create or replace function core.row_list(
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
    _fields text[],
    _bands text[] default null
)
returns text
language plpgsql stable parallel safe
as $$
begin
    return (
        select concat('[', string_agg(day.json, ',' order by day.on_day), ']')
        from (
            select
                step.on_day + gap.passed as on_day,
                '{' || substr(
                    concat(
                        case when 'date' = any (_fields)
                            then ',"date":' || to_json(step.on_day + gap.passed) end,
                        case gap.passed when 0 then step.first else step.later end,
                        _bands[step.on_day + gap.passed - _start + 1]
                    ),
                    2
                ) || '}' as json
            from (
                -- Two texts a step: its own day, and the days after it that stand still.
                -- offset 0 keeps them from being made anew for each of those days.
                select
                    known.on_day,
                    known.gap_days,
                    core.row_members(
                        _fields, known.income_cents, known.expense_cents, known.closing_cents,
                        state.status
                    ) as first,
                    core.row_members(_fields, 0, 0, known.closing_cents, state.status) as later
                from core.step_rows(
                    _user_id, _active, _covered, _gone_items, _gone_days, _extras, _as_of,
                    _due_from, _opening_cents, _start, _days, _initial_cents
                ) as known
                cross join lateral (
                    select case
                        when known.closing_cents >= _healthy_cents then 'healthy'
                        when known.closing_cents >= _warning_cents then 'warning'
                        else 'danger'
                    end as status
                ) as state
                offset 0
            ) as step
            cross join lateral generate_series(0, step.gap_days - 1) as gap (passed)
        ) as day
    );
end;
$$;

-- The plan of each covered account as a JSON array, by key: where it starts, its lowest day, its
-- closing balances. Parameters as core.chart_columns.
create or replace function core.row_accounts(
    _user_id bigint,
    _active bigint[],
    _covered bigint[],
    _is_posted boolean,
    _has_exceptions boolean,
    _as_of date,
    _due_from date,
    _start date,
    _days integer,
    _initial_cents bigint
)
returns text
language plpgsql stable parallel safe
as $$
begin
    return (
        select concat('[', string_agg(
            concat(
                '{"account_id":', account.id,
                ',"name":', to_json(account.name),
                ',"type":', to_json(account.type),
                ',"currency":', to_json(account.currency),
                ',"initial_balance":', core.cents_text(path.initial_cents),
                ',"lowest_balance":', core.cents_text(path.lowest_cents),
                ',"lowest_on":', to_json(path.lowest_on),
                ',"closing_balance":[', rtrim(path.closing, ','), ']}'
            ),
            ',' order by account.id
        ), ']')
        from data.accounts as account
        cross join lateral core.change_row(
            _user_id, _active, array[account.id], _as_of, _due_from, _start + _days - 1,
            _is_posted, _has_exceptions
        ) as change
        cross join lateral (
            select
                min(step.closing_cents - step.income_cents - step.expense_cents) filter (
                    where step.on_day = _start
                ) as initial_cents,
                min(step.closing_cents) as lowest_cents,
                (array_agg(step.on_day order by step.closing_cents, step.on_day))[1] as lowest_on,
                string_agg(
                    repeat(core.cents_text(step.closing_cents) || ',', step.gap_days),
                    '' order by step.on_day
                ) as closing
            from core.step_rows(
                _user_id,
                _active,
                array[account.id],
                change.gone_items,
                change.gone_days,
                change.extras,
                _as_of,
                _due_from,
                core.ground_balance(_user_id, account.id, _as_of),
                _start,
                _days,
                _initial_cents
            ) as step
        ) as path
        where account.user_id = _user_id
          and account.id = any (_covered)
    );
end;
$$;
