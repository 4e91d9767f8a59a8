-- Occurrences of recurring items: how they count, where they roll to, which ones an exception
-- changes.

-- One row: how an amount counts for the accounts in _covered, 1, 0 or -1. A transfer between two of
-- them does nothing, one that leaves them is spending, one that comes in is income.
create or replace function core.occurrence_sign(
    _kind text, _account_id bigint, _to_account_id bigint, _covered bigint[]
)
returns table (net_sign integer)
language sql immutable parallel safe
as $$
    select case _kind
        when 'transfer' then (_to_account_id = any (_covered))::integer
            - (_account_id = any (_covered))::integer
        else (_account_id = any (_covered))::integer
    end;
$$;

-- One row: where a day goes, which is to a business day when the item rolls (_roll is not null);
-- null is nowhere.
-- Without a calendar the weekend is arithmetic: 1889-12-30 was a Monday.
create or replace function core.occurrence_rolled(_on date, _roll text, _calendar text)
returns table (on_day date)
language sql stable parallel safe
as $$
    select case
        when _roll is null then _on
        when _calendar is not null then nullif(
            coalesce(
                (
                    select case _roll
                        when 'next' then closed.next_open_on
                        when 'previous' then closed.previous_open_on
                        else 'infinity'
                    end
                    from data.closed_days as closed
                    where closed.calendar = _calendar
                      and closed.on_day = _on
                ),
                _on
            ),
            'infinity'
        )
        when (_on - '1889-12-30') % 7 < 5 then _on
        when _roll = 'next' then _on + 7 - (_on - '1889-12-30') % 7
        when _roll = 'previous' then _on + 4 - (_on - '1889-12-30') % 7
    end;
$$;

-- True when the rule of an active item falls on this day, before rolling and exceptions.
-- plpgsql: see core.rhythm_last.
create or replace function core.occurrence_holds(
    _user_id bigint, _recurring_item_id bigint, _occurrence_on date
)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    return exists (
        select
        from data.recurring_items as item
        cross join lateral core.rhythm_dates(
            _user_id,
            array[item.account_id, item.to_account_id],
            null,
            _occurrence_on,
            _occurrence_on,
            true,
            _recurring_item_id
        ) as found
        where item.user_id = _user_id
          and item.id = _recurring_item_id
          and found.occurrence_on = _occurrence_on
    );
end;
$$;

-- Occurrences that an exception places on a day from _from to _to, wherever the rule had them; an
-- exception to a day that the rule does not have places nothing. Shape and parameters as
-- core.occurrence_rows. plpgsql: without exceptions the rules are not asked.
create or replace function core.occurrence_exceptions(
    _user_id bigint,
    _active bigint[],
    _covered bigint[],
    _from date,
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
    expected_from date,
    reason text
)
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
declare
    v_first_on date;
    v_last_on date;
begin
    select min(exception.occurrence_on), max(exception.occurrence_on)
    into v_first_on, v_last_on
    from data.recurring_exceptions as exception
    where exception.user_id = _user_id
      and case exception.action
          when 'move' then exception.moved_to between _from and _to
          when 'amount' then exception.occurrence_on between _from - 14 and _to + 14
      end;
    if v_first_on is null then
        return;
    end if;
    return query
    select
        found.recurring_item_id,
        found.occurrence_on,
        coalesce(exception.moved_to, found.on_day),
        paid.cents,
        -- The quotient is 1, 0 or -1: how the amount counts.
        paid.cents * (found.net_cents / found.amount_cents),
        found.expected_from,
        case exception.action when 'move' then 'moved' else 'other_amount' end
    from core.rhythm_dates(
        _user_id, _active, _covered, v_first_on, v_last_on, true, null, _drafts, _pauses
    ) as found
    inner join data.recurring_exceptions as exception
        on exception.user_id = _user_id
        and exception.recurring_item_id = found.recurring_item_id
        and exception.occurrence_on = found.occurrence_on
    cross join lateral (
        select coalesce((exception.amount * 100)::bigint, found.amount_cents) as cents
    ) as paid
    where exception.action <> 'skip'
      and coalesce(exception.moved_to, found.on_day) between _from and _to;
end;
$$;

-- What falls on the days from _from to _to: rolled to business days, exceptions applied. A moved
-- day is taken literally.
-- Shape: one row per occurrence, no order. Parameters and figures as core.rhythm_dates.
-- reason: scheduled, rolled, moved or other_amount.
create or replace function core.occurrence_rows(
    _user_id bigint,
    _active bigint[],
    _covered bigint[],
    _from date,
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
    expected_from date,
    reason text
)
language sql stable parallel safe
as $$
    select
        found.recurring_item_id,
        found.occurrence_on,
        found.on_day,
        found.amount_cents,
        found.net_cents,
        found.expected_from,
        case when found.on_day = found.occurrence_on then 'scheduled' else 'rolled' end
    from core.rhythm_dates(
        _user_id, _active, _covered, _from, _to, true, null, _drafts, _pauses
    ) as found
    where found.on_day between _from and _to
      and not exists (
          select
          from data.recurring_exceptions as exception
          where exception.user_id = _user_id
            and exception.recurring_item_id = found.recurring_item_id
            and exception.occurrence_on = found.occurrence_on
      )

    union all

    select
        placed.recurring_item_id,
        placed.occurrence_on,
        placed.on_day,
        placed.amount_cents,
        placed.net_cents,
        placed.expected_from,
        placed.reason
    from core.occurrence_exceptions(
        _user_id, _active, _covered, _from, _to, _drafts, _pauses
    ) as placed;
$$;
