-- What of the schedule is still to come.

-- What is still to come from _as_of to _to: the schedule, less what was posted, with what is
-- overdue on the first day. Overdue: due on _due_from or later but before _as_of, expected by
-- then, not posted; none with _due_from = _as_of. The other parameters: see core.ground_row and
-- core.change_row.
-- Shape: one row per occurrence, no order; on_day is the day on which the plan counts it;
-- net_cents is what it does to the covered accounts, income is positive.
create or replace function core.plan_rows(
    _user_id bigint,
    _active bigint[],
    _covered bigint[],
    _gone_items bigint[],
    _gone_days date[],
    _extras core.due[],
    _as_of date,
    _due_from date,
    _to date,
    _drafts data.recurring_items[] default null,
    _pauses core.pause[] default null
)
returns table (
    recurring_item_id bigint,
    occurrence_on date,
    on_day date,
    amount_cents bigint,
    net_cents bigint,
    reason text
)
language sql stable parallel safe
as $$
    select
        due.recurring_item_id,
        due.occurrence_on,
        greatest(due.on_day, _as_of),
        due.amount_cents,
        due.net_cents,
        case
            when due.on_day < _as_of then 'overdue'
            when due.on_day <> due.occurrence_on then 'rolled'
            else 'scheduled'
        end
    from core.rhythm_dates(
        _user_id, _active, _covered, _due_from, _to, true, null, _drafts, _pauses
    ) as due
    where due.on_day between _due_from and _to
      and (due.on_day >= _as_of or due.on_day >= due.expected_from)
      and (
          _gone_items is null
          or due.recurring_item_id <> all (_gone_items)
          or not exists (
              select
              from unnest(_gone_items, _gone_days) as gone (recurring_item_id, occurrence_on)
              where gone.recurring_item_id = due.recurring_item_id
                and gone.occurrence_on = due.occurrence_on
          )
      )

    union all

    select
        extra.recurring_item_id,
        extra.occurrence_on,
        extra.on_day,
        extra.amount_cents,
        extra.net_cents,
        extra.reason
    from unnest(_extras) as extra;
$$;
