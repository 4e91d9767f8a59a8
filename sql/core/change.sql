-- What makes a plan differ from its rules: what was posted already, and exceptions.

-- One row: what differs from the rules alone between _due_from and _to, because it was posted or
-- has an exception. gone_items and gone_days, of one length: occurrences, by their day before
-- rolling, that the plan leaves out. extras: what exceptions place in the window and is still to
-- come.
-- All null, at no cost, for a plan whose ground has neither. plpgsql for that short way.
create or replace function core.change_row(
    _user_id bigint,
    _active bigint[],
    _covered bigint[],
    _as_of date,
    _due_from date,
    _to date,
    _is_posted boolean,
    _has_exceptions boolean,
    _drafts data.recurring_items[] default null,
    _pauses core.pause[] default null
)
returns table (gone_items bigint[], gone_days date[], extras core.due[])
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
begin
    if _has_exceptions then
        return query
        with posted as materialized (
            select pair.recurring_item_id, pair.occurrence_on
            from core.posted_pairs(_user_id, _active, _as_of, _drafts, _pauses) as pair
        ),
        gone as (
            select posted.recurring_item_id, posted.occurrence_on
            from posted
            union all
            select exception.recurring_item_id, exception.occurrence_on
            from data.recurring_exceptions as exception
            where exception.user_id = _user_id
              and exception.occurrence_on between _due_from - 14 and _to + 14
        )
        select
            array_agg(gone.recurring_item_id),
            array_agg(gone.occurrence_on),
            (
                select array_agg(
                    row(
                        placed.recurring_item_id,
                        placed.occurrence_on,
                        greatest(placed.on_day, _as_of),
                        placed.amount_cents,
                        placed.net_cents,
                        case when placed.on_day < _as_of then 'overdue' else placed.reason end
                    )::core.due
                )
                from core.occurrence_exceptions(
                    _user_id, _active, _covered, _due_from, _to, _drafts, _pauses
                ) as placed
                where (placed.on_day >= _as_of or placed.on_day >= placed.expected_from)
                  and (placed.recurring_item_id, placed.occurrence_on) not in (
                      select posted.recurring_item_id, posted.occurrence_on from posted
                  )
            )
        from gone;
    elsif _is_posted then
        return query
        select array_agg(pair.recurring_item_id), array_agg(pair.occurrence_on), null::core.due[]
        from core.posted_pairs(_user_id, _active, _as_of, _drafts, _pauses) as pair;
    else
        return next;
    end if;
end;
$$;
