-- The day-by-day balance of a plan, for one user and for many.

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
        day.on_day + day.past,
        case day.past when 0 then day.opening_balance else day.closing_balance end,
        case day.past when 0 then day.income else 0.00 end,
        case day.past when 0 then day.expenses else 0.00 end,
        case day.past when 0 then day.net_change else 0.00 end,
        day.closing_balance
    from (
        -- Written as money once per step, not once per day: offset 0 keeps it that way.
        select move.*, generate_series(0, move.gap_days - 1) as past
        from (
            select
                step.on_day,
                step.gap_days,
                (step.closing_cents - step.income_cents - step.expense_cents) * 0.01
                    as opening_balance,
                step.income_cents * 0.01 as income,
                step.expense_cents * 0.01 as expenses,
                (step.income_cents + step.expense_cents) * 0.01 as net_change,
                step.closing_cents * 0.01 as closing_balance
            from core.ground_row(_user_id, _as_of, _start, _account_id) as ground
            cross join lateral (
                select case when _overdue = 'omit' then ground.as_of else ground.due_from end
                    as day
            ) as due
            cross join lateral core.change_row(
                _user_id,
                ground.active,
                ground.covered,
                ground.as_of,
                due.day,
                ground.start_on + _days - 1,
                ground.is_posted,
                ground.has_exceptions
            ) as change
            cross join lateral core.step_rows(
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
            offset 0
        ) as move
    ) as day;
$$;

-- The same for many users at once: every row equals the single form.
-- Shape: one row per user and day, by user_id and day; an id given twice has its days once, an
-- unknown one none.
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
call core.cross_owner(
    'core.forecast_many(bigint[], date, integer)', 'a batch names its owners in its first argument'
);

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
                from (
                    -- Not grouped by day, which saves a sixth: of several moves on one day the
                    -- last one lasts until the next day, and the others last for none.
                    select
                        ground.opening_cents + core.cents_sum(flow.cents) over days
                            as closing_cents,
                        coalesce(lead(flow.on_day) over days, ground.start_on + _days)
                            - flow.on_day as gap_days
                    from (
                        select due.on_day, due.net_cents as cents
                        from core.plan_rows(
                            asked.user_id,
                            ground.active,
                            ground.covered,
                            change.gone_items,
                            change.gone_days,
                            change.extras,
                            ground.as_of,
                            ground.due_from,
                            ground.start_on + _days - 1
                        ) as due
                        where due.net_cents <> 0

                        union all

                        select ground.start_on, 0::bigint
                    ) as flow
                    window days as (order by flow.on_day rows unbounded preceding)
                ) as step
            ) as gap
        )
    from (
        select distinct given.user_id from unnest(_user_ids) as given (user_id) order by 1
    ) as asked
    cross join lateral core.ground_row(asked.user_id, _as_of) as ground
    cross join lateral core.change_row(
        asked.user_id,
        ground.active,
        ground.covered,
        ground.as_of,
        ground.due_from,
        ground.start_on + _days - 1,
        ground.is_posted,
        ground.has_exceptions
    ) as change
    order by asked.user_id;
$$;
call core.cross_owner(
    'core.forecast_many_arrays(bigint[], date, integer)',
    'a batch names its owners in its first argument'
);
