-- A line of a comparison: one plan as figures, and the text of its columns.

-- One row: the plan on other items (see core.variant_items) for _days days from _as_of. _moves:
-- dated amounts beside the items. days, gaps and closings, of one length: the days on which money
-- moves and the first of every month, how many days each lasts, how it ends, in cents. months and
-- summary: a JSON array and the members of a JSON object, as in api.forecast_read, with the first
-- day below the reserve. No row for an unknown user.
create or replace function core.line_row(
    _user_id bigint,
    _as_of date,
    _days integer,
    _account_id bigint,
    _overdue text,
    _drafts data.recurring_items[] default null,
    _pauses core.pause[] default null,
    _moves core.due[] default null,
    _initial_cents bigint default null
)
returns table (
    days date[],
    gaps integer[],
    closings bigint[],
    initial_cents bigint,
    income_cents bigint,
    expense_cents bigint,
    ending_cents bigint,
    lowest_cents bigint,
    months text,
    summary text
)
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
set datestyle = 'ISO'
as $$
#variable_conflict use_column
declare
    v_ground record;
    v_due_from date;
    v_change record;
    v_marks date[];
begin
    select ground.* into v_ground
    from core.ground_row(_user_id, _as_of, null, _account_id, _drafts) as ground;
    if not found then
        return;
    end if;
    v_due_from := case _overdue when 'omit' then v_ground.as_of else v_ground.due_from end;
    v_marks := core.list_marks(v_ground.as_of, _days);
    select change.* into v_change
    from core.change_row(
        _user_id, v_ground.active, v_ground.covered, v_ground.as_of, v_due_from,
        v_ground.as_of + _days - 1, v_ground.is_posted, v_ground.has_exceptions, _drafts, _pauses
    ) as change;
    return query
    select
        path.days,
        path.gaps,
        path.closings,
        path.ending_cents - path.income_cents - path.expense_cents,
        path.income_cents,
        path.expense_cents,
        path.ending_cents,
        path.lowest_cents,
        '[' || core.list_months(
            v_marks, path.days, path.incomes, path.expenses, path.closings
        ) || ']',
        format(
            '"initial_balance":%1$s,"lowest_balance":%2$s,"lowest_on":"%6$s",'
                '"first_negative_on":%7$s,"first_below_reserve_on":%8$s,"ending_balance":%3$s,'
                '"total_income":%4$s,"total_expenses":%5$s',
            core.cents_text(path.ending_cents - path.income_cents - path.expense_cents),
            core.cents_text(path.lowest_cents),
            core.cents_text(path.ending_cents),
            core.cents_text(path.income_cents),
            core.cents_text(path.expense_cents),
            path.days[array_position(path.closings, path.lowest_cents)],
            coalesce('"' || path.negative_on || '"', 'null'),
            coalesce('"' || path.reserve_on || '"', 'null')
        )
    from (
        -- The steps come in the order of their days, which is the order of every list made here.
        select
            array_agg(step.on_day) as days,
            array_agg(step.gap_days) as gaps,
            array_agg(step.income_cents) as incomes,
            array_agg(step.expense_cents) as expenses,
            array_agg(step.closing_cents) as closings,
            core.cents_sum(step.income_cents) as income_cents,
            core.cents_sum(step.expense_cents) as expense_cents,
            min(step.closing_cents) as lowest_cents,
            min(step.closing_cents) filter (
                where step.on_day + step.gap_days = v_ground.as_of + _days
            ) as ending_cents,
            min(step.on_day) filter (where step.closing_cents < 0) as negative_on,
            min(step.on_day) filter (
                where step.closing_cents < v_ground.reserve_cents
            ) as reserve_on
        from core.step_rows(
            _user_id, v_ground.active, v_ground.covered, v_change.gone_items, v_change.gone_days,
            v_change.extras || _moves, v_ground.as_of, v_due_from, v_ground.opening_cents,
            v_ground.as_of, _days, _initial_cents, v_marks, _drafts, _pauses
        ) as step
    ) as path;
end;
$$;

-- What one line is above another on each day, in cents, _days of them: the running sum of what the
-- two move apart. The arrays are days and closings of core.line_row.
create or replace function core.line_gap(
    _start date,
    _days integer,
    _above_days date[],
    _above_cents bigint[],
    _base_days date[],
    _base_cents bigint[]
)
returns bigint[]
language plpgsql immutable parallel safe
as $$
begin
    return (
        select array_agg(spread.cents)
        from (
            select step.cents, generate_series(1, step.gap_days)
            from (
                select
                    core.cents_sum(flow.cents) over days as cents,
                    coalesce(lead(flow.on_day) over days, _start + _days) - flow.on_day
                        as gap_days
                from (
                    select
                        above.on_day,
                        above.cents - lag(above.cents, 1, 0::bigint) over (order by above.on_day)
                            as cents
                    from unnest(_above_days, _above_cents) as above (on_day, cents)

                    union all

                    select
                        base.on_day,
                        lag(base.cents, 1, 0::bigint) over (order by base.on_day) - base.cents
                    from unnest(_base_days, _base_cents) as base (on_day, cents)
                ) as flow
                window days as (order by flow.on_day rows unbounded preceding)
            ) as step
        ) as spread
    );
end;
$$;

-- Cents as a JSON array of amounts, each as often as its step has days.
create or replace function core.line_text(_cents bigint[], _gaps integer[] default null)
returns text
language plpgsql immutable parallel safe
as $$
begin
    return '[' || (
        select rtrim(
            string_agg(
                repeat(core.cents_text(step.cents) || ',', coalesce(step.gap_days, 1)), ''
            ),
            ','
        )
        from unnest(_cents, _gaps) as step (cents, gap_days)
    ) || ']';
end;
$$;
