-- The balance of a plan, step by step. Only days on which something happens are computed; between
-- two of them the balance stands still, so a day without events costs nothing until it is written
-- out.

-- Days of a plan on which money moves, from _start on, and _start itself; _as_of <= _start, and
-- what moves before _start is in the opening balance. The first seven and _due_from: see
-- core.plan_rows. _opening_cents: balance at _as_of; _initial_cents: the opening balance of
-- _start instead, or null. _marks: later days that have a row in any case.
-- Shape: one row per such day, by day; the next gap_days - 1 days end as it does. Cents.
create or replace function core.step_rows(
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
    _marks date[] default null,
    _drafts data.recurring_items[] default null,
    _pauses core.pause[] default null
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
        coalesce(step.next_on, _start + _days) - step.on_day,
        step.income_cents,
        step.expense_cents,
        step.closing_cents
    from (
        select
            move.on_day,
            move.income_cents,
            move.expense_cents,
            lead(move.on_day) over days as next_on,
            coalesce(_initial_cents, _opening_cents)
                + core.cents_sum(move.income_cents + move.expense_cents) over days as closing_cents
        from (
            select
                flow.on_day,
                core.cents_sum(flow.cents) filter (where flow.cents > 0) as income_cents,
                core.cents_sum(flow.cents) filter (where flow.cents < 0) as expense_cents
            from (
                select due.on_day, due.net_cents as cents
                from core.plan_rows(
                    _user_id, _active, _covered, _gone_items, _gone_days, _extras, _as_of,
                    _due_from, _start + _days - 1, _drafts, _pauses
                ) as due
                where due.net_cents <> 0
                  and (_initial_cents is null or due.on_day >= _start)

                union all

                select mark.on_day, 0::bigint
                from unnest(_start || _marks) as mark (on_day)
            ) as flow
            group by flow.on_day
        ) as move
        window days as (order by move.on_day rows unbounded preceding)
    ) as step
    where step.on_day >= _start;
$$;
