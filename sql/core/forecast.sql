-- The day-by-day balance of a plan. Only days on which something happens are computed; between two
-- of them the balance stands still, so a day without events costs nothing until it is written out.

-- Days of a plan on which money moves, from _start on, and _start itself; _as_of <= _start, and what
-- moves before _start is in the opening balance. The first seven and _due_from: see core.plan_rows.
-- _opening_cents: balance at _as_of; _initial_cents: the opening balance of _start instead, or null.
-- _marks: later days that have a row in any case.
-- Shape: one row per such day, by day; the next gap_days - 1 days end as it does. Cents.
create or replace function core.forecast_steps(
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
    _initial_cents bigint default null,
    _marks date[] default null
)
returns table (
    on_day date,
    gap_days integer,
    income_cents bigint,
    expense_cents bigint,
    closing_cents bigint
)
language sql stable parallel safe
as $$
    select
        step.on_day,
        step.next_on - step.on_day,
        step.income_cents,
        step.expense_cents,
        step.closing_cents
    from (
        select
            move.on_day,
            move.income_cents,
            move.expense_cents,
            lead(move.on_day, 1, _start + _days) over days as next_on,
            coalesce(_initial_cents, _opening_cents)
                + core.cents_sum(move.income_cents + move.expense_cents) over days as closing_cents
        from (
            select
                flow.on_day,
                core.cents_sum(flow.cents) filter (where flow.cents > 0) as income_cents,
                core.cents_sum(flow.cents) filter (where flow.cents < 0) as expense_cents
            from (
                select greatest(due.on_day, _start - 1) as on_day, due.net_cents as cents
                from core.plan_rows(
                    _user_id, _active, _covered, _gone_items, _gone_days, _extras, _as_of, _due_from,
                    _start + _days - 1
                ) as due
                where due.net_cents <> 0
                  and (_initial_cents is null or due.on_day >= _start)

                union all

                select mark.on_day, 0
                from unnest(_start || _marks) as mark (on_day)
            ) as flow
            group by flow.on_day
        ) as move
        window days as (order by move.on_day rows unbounded preceding)
    ) as step
    where step.on_day >= _start;
$$;

-- The plan of a user for _days days from _start (no _start: from _as_of). _as_of: the last day
-- whose bookings are known (none: the user's today). _overdue: 'first_day' or 'omit'.
-- Shape: one row per day, by day; no row for an unknown user. expenses are negative.
create or replace function core.forecast_days(
    _user_id bigint,
    _as_of date,
    _days integer,
    _start date default null,
    _initial_balance numeric default null,
    _overdue text default 'first_day',
    _account_id bigint default null
)
returns table (
    on_day date,
    opening_balance numeric,
    income numeric,
    expenses numeric,
    net_change numeric,
    closing_balance numeric
)
language sql stable parallel safe
as $$
    select
        day.on_day,
        (day.closing_cents - day.income_cents - day.expense_cents) * 0.01,
        day.income_cents * 0.01,
        day.expense_cents * 0.01,
        (day.income_cents + day.expense_cents) * 0.01,
        day.closing_cents * 0.01
    from (
        select
            gap.on_day + gap.passed as on_day,
            case gap.passed when 0 then gap.income_cents else 0 end as income_cents,
            case gap.passed when 0 then gap.expense_cents else 0 end as expense_cents,
            gap.closing_cents
        from (
            select step.*, generate_series(0, step.gap_days - 1) as passed
            from core.plan_ground(_user_id, _as_of, _start, _account_id) as ground
            cross join lateral (
                select case _overdue when 'omit' then ground.as_of else ground.due_from end as day
            ) as due
            cross join lateral core.plan_changes(
                _user_id,
                ground.active,
                ground.covered,
                ground.as_of,
                due.day,
                ground.start_on + _days - 1,
                ground.is_posted,
                ground.has_exceptions
            ) as change
            cross join lateral core.forecast_steps(
                _user_id,
                ground.active,
                ground.covered,
                change.gone_items,
                change.gone_days,
                change.extras,
                ground.as_of,
                due.day,
                ground.opening_cents,
                ground.start_on,
                _days,
                (_initial_balance * 100)::bigint
            ) as step
        ) as gap
    ) as day;
$$;

-- The same for many users at once: every row equals the single form.
-- Shape: one row per user and day, by the order of _user_ids and day; unknown users have none.
create or replace function core.forecast_many(_user_ids bigint[], _as_of date, _days integer)
returns table (
    user_id bigint,
    on_day date,
    opening_balance numeric,
    income numeric,
    expenses numeric,
    net_change numeric,
    closing_balance numeric
)
language sql stable parallel safe
as $$
    select
        asked.user_id,
        day.on_day,
        day.opening_balance,
        day.income,
        day.expenses,
        day.net_change,
        day.closing_balance
    from (
        select distinct given.user_id from unnest(_user_ids) as given (user_id) order by 1
    ) as asked
    cross join lateral core.forecast_days(asked.user_id, _as_of, _days) as day
    order by asked.user_id, day.on_day;
$$;

-- The closing balances alone, in cents, an array of _days a user: a tenth of the cost of storing
-- rows.
-- Shape: one row per known user, by user_id.
create or replace function core.forecast_many_arrays(_user_ids bigint[], _as_of date, _days integer)
returns table (user_id bigint, start_on date, closing_cents bigint[])
language sql stable parallel safe
as $$
    select
        asked.user_id,
        ground.start_on,
        (
            select array_agg(gap.closing_cents)
            from (
                select step.closing_cents, generate_series(1, step.gap_days)
                from core.forecast_steps(
                    asked.user_id,
                    ground.active,
                    ground.covered,
                    change.gone_items,
                    change.gone_days,
                    change.extras,
                    ground.as_of,
                    ground.due_from,
                    ground.opening_cents,
                    ground.start_on,
                    _days
                ) as step
            ) as gap
        )
    from (
        select distinct given.user_id from unnest(_user_ids) as given (user_id) order by 1
    ) as asked
    cross join lateral core.plan_ground(asked.user_id, _as_of) as ground
    cross join lateral core.plan_changes(
        asked.user_id,
        ground.active,
        ground.covered,
        ground.as_of,
        ground.due_from,
        ground.start_on + _days - 1,
        ground.is_posted,
        ground.has_exceptions
    ) as change;
$$;
