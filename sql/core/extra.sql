-- Extra: what the schedule knows beyond the habits of the ledger.

-- The plan of one scope from the day after _as_of on, ready for core.curve_row. closing: balance
-- by day; extra: what the schedule moves beyond the habits of the ledger, summed up to the day. An
-- item is a habit when one of its days in the next 100 lies within 3 days of one on which a series
-- is due, in the same direction and within half and twice the amount; then only what it has more
-- than the habit is extra, so that a raise counts, and an item more never pulls the other way.
-- An item is judged by all of those 100 days, however few are asked for, so that a day is the same
-- in a forecast of any length. Shape: one row; cents, arrays of _days or 100, whichever is more.
create or replace function core.extra_row(
    _user_id bigint,
    _ground record,
    _due_days integer[],
    _due_cents bigint[],
    _days integer
)
returns table (closing bigint[], extra bigint[])
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
declare
    v_days constant integer := greatest(_days, 100);
    v_change record;
begin
    select * into v_change
    from core.change_row(
        _user_id,
        _ground.active,
        _ground.covered,
        _ground.as_of,
        _ground.due_from,
        _ground.as_of + v_days,
        _ground.is_posted,
        _ground.has_exceptions
    );
    return query
    with dues as materialized (
        select due.recurring_item_id, due.on_day - _ground.as_of as day, due.net_cents as cents
        from core.plan_rows(
            _user_id,
            _ground.active,
            _ground.covered,
            v_change.gone_items,
            v_change.gone_days,
            v_change.extras,
            _ground.as_of,
            _ground.due_from,
            _ground.as_of + v_days
        ) as due
        where due.net_cents <> 0
    ),
    habits as (
        select distinct on (dues.recurring_item_id)
            dues.recurring_item_id,
            event.cents
        from dues
        inner join unnest(_due_days, _due_cents) as event (day, cents)
            on event.day between dues.day - 3 and dues.day + 3
            and sign(event.cents) = sign(dues.cents)
            and abs(event.cents) between abs(dues.cents) / 2 and abs(dues.cents) * 2
        where dues.day between 1 and 100
          and event.day <= 103
        order by
            dues.recurring_item_id, abs(event.cents - dues.cents), event.day, event.cents
    ),
    moves as (
        select
            dues.day,
            core.cents_sum(dues.cents) as cents,
            core.cents_sum(
                sign(dues.cents)::bigint
                * greatest(abs(dues.cents) - coalesce(abs(habits.cents), 0), 0)
            ) as extra
        from dues
        left join habits on habits.recurring_item_id = dues.recurring_item_id
        group by dues.day
    ),
    lines as (
        select
            ahead.day,
            _ground.opening_cents + core.cents_sum(moves.cents) over along as closing,
            core.cents_sum(moves.extra) over along as extra
        from generate_series(0, v_days) as ahead (day)
        left join moves on moves.day = ahead.day
        window along as (order by ahead.day rows unbounded preceding)
    )
    select
        array_agg(lines.closing order by lines.day),
        array_agg(lines.extra order by lines.day)
    from lines
    where lines.day > 0;
end;
$$;
