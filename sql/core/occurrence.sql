-- On which days a recurring item falls. All of it is arithmetic from the anchor, so nothing drifts:
-- steps of days by multiplication, steps of months by joining the months that touch the window.

-- Days by the rule alone, from _from to _to: before rolling, before exceptions. Where an item rolls,
-- its window is _reach days wider on the side that an occurrence can roll in from.
-- _is_counted: false leaves out the limit of item.occurrences.
-- Shape: one row per active item and day, with what the item says of its money; no order.
create or replace function core.occurrence_dates(
    _user_id bigint, _from date, _to date, _reach integer, _is_counted boolean default true
)
returns table (
    recurring_item_id bigint,
    occurrence_on date,
    kind text,
    amount_cents bigint,
    account_id bigint,
    to_account_id bigint,
    counterparty text,
    expected_from date,
    roll text,
    calendar text
)
language sql stable parallel safe
as $$
    select
        rule.id,
        rule.first_on + rule.step * rule.step_days,
        rule.kind,
        rule.amount_cents,
        rule.account_id,
        rule.to_account_id,
        rule.counterparty,
        rule.expected_from,
        rule.roll,
        rule.calendar
    from (
        select
            item.id,
            item.kind,
            item.amount_cents,
            item.account_id,
            item.to_account_id,
            item.counterparty,
            item.expected_from,
            item.roll,
            item.calendar,
            item.first_on,
            item.step_days,
            -- From the first step in the window to the last that the window, ends_on and the count
            -- allow. Adding step_days before dividing rounds a day before first_on down, not up.
            generate_series(
                greatest(
                    0,
                    (_from - case item.roll when 'next' then _reach else 0 end - item.first_on
                        + item.step_days - 1) / item.step_days
                ),
                least(
                    (least(_to + case item.roll when 'previous' then _reach else 0 end, item.ends_on)
                        - item.first_on + item.step_days) / item.step_days - 1,
                    case when _is_counted then item.occurrences end - 1
                )
            ) as step
        from data.recurring_items as item
        where item.user_id = _user_id
          and item.is_active
          and item.step_days is not null
    ) as rule

    union all

    select
        rule.id,
        found.occurrence_on,
        rule.kind,
        rule.amount_cents,
        rule.account_id,
        rule.to_account_id,
        rule.counterparty,
        rule.expected_from,
        rule.roll,
        rule.calendar
    from (
        select
            item.id,
            item.kind,
            item.amount_cents,
            item.account_id,
            item.to_account_id,
            item.counterparty,
            item.expected_from,
            item.roll,
            item.calendar,
            item.anchor_month,
            item.step_months,
            item.weekday,
            item.nth,
            greatest(
                item.anchor_on, _from - case item.roll when 'next' then _reach else 0 end
            ) as not_before,
            least(
                _to + case item.roll when 'previous' then _reach else 0 end,
                item.ends_on,
                case
                    when _is_counted and item.occurrences is not null
                        then core.occurrence_last(_user_id, item.id, _to + _reach)
                end
            ) as not_after,
            -- Days of the month, 32 for the last one; over 64, the listed day before.
            unnest(
                case
                    when item.month_days is not null then (
                        select array_agg(coalesce(days.previous, 0) * 64 + days.month_day)
                        from (
                            select
                                (listed.month_day + 33) % 33 as month_day,
                                lag((listed.month_day + 33) % 33)
                                    over (order by (listed.month_day + 33) % 33) as previous
                            from unnest(item.month_days) as listed (month_day)
                        ) as days
                    )
                    when item.frequency <> 'semimonthly' then array[item.anchor_day]
                    when item.anchor_day <= 15 then array[item.anchor_day, item.anchor_day + 15]
                    else array[item.anchor_day - 15, item.anchor_day]
                end
            ) as month_day
        from data.recurring_items as item
        where item.user_id = _user_id
          and item.is_active
          and item.step_months is not null
    ) as rule
    inner join data.months as month
        on month.first_on between _from - _reach - 30 and _to + _reach
        and month.month_index >= rule.anchor_month
        and (month.month_index - rule.anchor_month) % rule.step_months = 0
        -- Of two days that a short month cuts to its last, the earlier listed one stands.
        and rule.month_day / 64 < least(rule.month_day % 64, month.day_count)
    cross join lateral (
        select month.first_on + case
            when rule.nth is null then least(rule.month_day % 64, month.day_count) - 1
            when rule.nth > 0 then (rule.weekday + 7 - month.first_weekday) % 7 + 7 * (rule.nth - 1)
            else month.day_count - 1
                - (month.first_weekday + month.day_count + 6 - rule.weekday) % 7
        end as occurrence_on
    ) as found
    where found.occurrence_on between rule.not_before and rule.not_after
      and found.occurrence_on < month.first_on + month.day_count;
$$;

-- Day of the last occurrence that the count of a monthly, semimonthly, quarterly or yearly item
-- allows, counted from the anchor before exceptions; null when it lies after _to.
-- plpgsql keeps the plan, which a function of language sql on 16 would make anew for every item.
create or replace function core.occurrence_last(_user_id bigint, _recurring_item_id bigint, _to date)
returns date
language plpgsql stable parallel safe
as $$
begin
    return (
        select counted.occurrence_on
        from (
            select
                found.occurrence_on,
                item.occurrences,
                row_number() over (order by found.occurrence_on) as place
            from data.recurring_items as item
            cross join lateral
                core.occurrence_dates(_user_id, item.anchor_on, _to, 0, false) as found
            where item.user_id = _user_id
              and item.id = _recurring_item_id
              and found.recurring_item_id = _recurring_item_id
        ) as counted
        where counted.place = counted.occurrences
    );
end;
$$;

-- True when the rule of an active item falls on this day, before rolling and exceptions.
create or replace function core.occurrence_holds(
    _user_id bigint, _recurring_item_id bigint, _occurrence_on date
)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    return exists (
        select
        from core.occurrence_dates(_user_id, _occurrence_on, _occurrence_on, 0) as found
        where found.recurring_item_id = _recurring_item_id
    );
end;
$$;

-- What falls on the days from _from to _to: rolled to business days, exceptions applied. A moved day is
-- taken literally. 31: nothing rolls across a longer run of closed days than a month.
-- Shape: one row per occurrence, no order; occurrence_on is the day before rolling. amount_cents has
-- the sign of its item, a transfer's is positive. reason: scheduled, rolled, moved or other_amount.
create or replace function core.occurrence_rows(_user_id bigint, _from date, _to date)
returns table (
    recurring_item_id bigint,
    occurrence_on date,
    on_day date,
    kind text,
    amount_cents bigint,
    account_id bigint,
    to_account_id bigint,
    counterparty text,
    expected_from date,
    reason text
)
language sql stable parallel safe
as $$
    select
        placed.recurring_item_id,
        placed.occurrence_on,
        placed.on_day,
        placed.kind,
        coalesce(((placed.exception).amount * 100)::bigint, placed.amount_cents),
        placed.account_id,
        placed.to_account_id,
        placed.counterparty,
        placed.expected_from,
        case (placed.exception).action
            when 'move' then 'moved'
            when 'amount' then 'other_amount'
            else case when placed.on_day = placed.occurrence_on then 'scheduled' else 'rolled' end
        end
    from (
        select
            known.*,
            -- Null is a day that does not happen: skipped, or closed with roll 'skip'.
            case (known.exception).action
                when 'skip' then null
                when 'move' then (known.exception).moved_to
                else case
                    when known.roll = 'none' then known.occurrence_on
                    else coalesce(
                        (
                            select case known.roll
                                when 'next' then closed.next_open_on
                                when 'previous' then closed.previous_open_on
                                else 'infinity'
                            end
                            from data.closed_days as closed
                            where closed.calendar = coalesce(known.calendar, 'WEEKENDS')
                              and closed.on_day = known.occurrence_on
                        ),
                        known.occurrence_on
                    )
                end
            end as on_day
        from (
            select
                found.*,
                -- Looked up one by one, but only for items that have any.
                case
                    when found.recurring_item_id in (
                        select other.recurring_item_id
                        from data.recurring_exceptions as other
                        where other.user_id = _user_id
                    ) then (
                        select exception
                        from data.recurring_exceptions as exception
                        where exception.user_id = _user_id
                          and exception.recurring_item_id = found.recurring_item_id
                          and exception.occurrence_on = found.occurrence_on
                    )
                end as exception
            from core.occurrence_dates(_user_id, _from, _to, 31) as found
            offset 0
        ) as known
        offset 0
    ) as placed
    where placed.on_day between _from and _to

    union all

    -- Moved into the window from so far away that the rule was not asked there.
    select
        item.id,
        exception.occurrence_on,
        exception.moved_to,
        item.kind,
        coalesce((exception.amount * 100)::bigint, item.amount_cents),
        item.account_id,
        item.to_account_id,
        item.counterparty,
        item.expected_from,
        'moved'
    from data.recurring_exceptions as exception
    inner join data.recurring_items as item
        on item.user_id = _user_id
        and item.id = exception.recurring_item_id
    where exception.user_id = _user_id
      and exception.action = 'move'
      and exception.moved_to between _from and _to
      and item.is_active
      and (
          exception.occurrence_on < _from - case item.roll when 'next' then 31 else 0 end
          or exception.occurrence_on > _to + case item.roll when 'previous' then 31 else 0 end
      )
      and core.occurrence_holds(_user_id, item.id, exception.occurrence_on);
$$;
