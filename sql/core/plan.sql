-- A plan: where it starts, and what of the schedule is still to come.

-- The ground of a plan; no row for an unknown user. as_of: today where nothing is said, never after
-- start_on. active: the accounts whose items are scheduled. covered: the accounts whose money is
-- counted, which are the active ones in the user's currency, or _account_id alone. excluded: active
-- accounts in another currency. opening_cents: balance of the covered ones with all that is booked up
-- to as_of. due_from: first day on which something overdue may be, at most 31 days back. is_posted:
-- some booking of the last 46 days is linked to an active item, or is of its amount or counterparty;
-- without one nothing was posted, and looking for it costs as much as the plan.
create or replace function core.plan_ground(
    _user_id bigint, _as_of date, _start date default null, _account_id bigint default null
)
returns table (
    as_of date,
    start_on date,
    currency text,
    healthy_cents bigint,
    warning_cents bigint,
    reserve_cents bigint,
    active bigint[],
    covered bigint[],
    excluded bigint[],
    opening_cents bigint,
    due_from date,
    is_posted boolean,
    has_exceptions boolean
)
language sql stable parallel safe
as $$
    select
        days.as_of,
        coalesce(_start, days.as_of),
        coalesce(held.currency, person.currency),
        (person.healthy_from * 100)::bigint,
        (person.warning_from * 100)::bigint,
        (person.reserve * 100)::bigint,
        held.active,
        held.covered,
        held.excluded,
        held.cents - booked.later_cents,
        greatest(days.as_of - 31, least(days.as_of, scheduled.expected_from)),
        coalesce(scheduled.is_posted, false),
        exists (select from data.recurring_exceptions where user_id = _user_id)
    from data.users as person
    cross join lateral (
        select least(
            coalesce(_as_of, (now() at time zone person.timezone)::date), _start
        ) as as_of
    ) as days
    cross join lateral (
        select
            coalesce(array_agg(account.id) filter (where account.is_active), '{}') as active,
            coalesce(array_agg(account.id) filter (where account.is_covered), '{}') as covered,
            coalesce(
                array_agg(account.id) filter (
                    where account.is_active and account.currency <> person.currency
                ),
                '{}'
            ) as excluded,
            core.cents_sum((account.current_balance * 100)::bigint) filter (
                where account.is_covered
            ) as cents,
            min(account.currency) filter (where account.id = _account_id) as currency
        from (
            select
                id,
                is_active,
                currency,
                current_balance,
                case
                    when _account_id is null then is_active and currency = person.currency
                    else id = _account_id
                end as is_covered
            from data.accounts
            where user_id = _user_id
        ) as account
        offset 0
    ) as held
    cross join lateral (
        select
            core.cents_sum(booking.cents) filter (
                where booking.transaction_date > days.as_of
                  and booking.account_id = any (held.covered)
            ) as later_cents,
            array_agg(booking.cents) filter (
                where booking.transaction_date <= days.as_of
            ) as amounts,
            array_agg(booking.recurring_item_id) filter (
                where booking.recurring_item_id is not null
            ) as items,
            array_agg(lower(booking.counterparty)) filter (
                where booking.counterparty is not null
                  and booking.transaction_date <= days.as_of
            ) as counterparties
        from (
            select
                transaction_date,
                account_id,
                recurring_item_id,
                counterparty,
                (amount * 100)::bigint as cents
            from data.transactions
            where user_id = _user_id
              and transaction_date >= days.as_of - 46
        ) as booking
        offset 0
    ) as booked
    cross join lateral (
        select
            min(item.expected_from) as expected_from,
            bool_or(
                case item.kind when 'transfer' then -item.amount_cents else item.amount_cents end
                    = any (booked.amounts)
                or item.id = any (booked.items)
                or lower(item.counterparty) = any (booked.counterparties)
            ) as is_posted
        from data.recurring_items as item
        where item.user_id = _user_id
          and item.is_active
    ) as scheduled
    where person.id = _user_id;
$$;

-- One row: what differs from the rules alone between _due_from and _to, because it was posted or has an
-- exception. gone_items and gone_days, of one length: occurrences, by their day before rolling, that
-- the plan leaves out. extras: what exceptions place in the window and is still to come.
-- All null, at no cost, for a plan whose ground has neither. plpgsql for that short way.
create or replace function core.plan_changes(
    _user_id bigint,
    _active bigint[],
    _covered bigint[],
    _as_of date,
    _due_from date,
    _to date,
    _is_posted boolean,
    _has_exceptions boolean
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
            from core.posted_pairs(_user_id, _active, _as_of) as pair
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
                    _user_id, _active, _covered, _due_from, _to
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
        from core.posted_pairs(_user_id, _active, _as_of) as pair;
    else
        return next;
    end if;
end;
$$;

-- What is still to come from _as_of to _to: the schedule, less what was posted, with what is overdue on
-- the first day. Overdue: due on _due_from or later but before _as_of, expected by then, not posted;
-- none with _due_from = _as_of. The other parameters: see core.plan_ground and core.plan_changes.
-- Shape: one row per occurrence, no order; on_day is the day on which the plan counts it; net_cents is
-- what it does to the covered accounts, income is positive.
create or replace function core.plan_rows(
    _user_id bigint,
    _active bigint[],
    _covered bigint[],
    _gone_items bigint[],
    _gone_days date[],
    _extras core.due[],
    _as_of date,
    _due_from date,
    _to date
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
    from (
        select found.*
        from core.rhythm_dates(_user_id, _active, _covered, _due_from, _to) as found
        offset 0
    ) as due
    where due.on_day between _due_from and _to
      and (due.on_day >= _as_of or due.on_day >= due.expected_from)
      and (
          due.recurring_item_id = any (_gone_items) is not true
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

-- Balance of an account in cents with all that is booked up to a day; null for an unknown account.
create or replace function core.plan_balance(_user_id bigint, _account_id bigint, _as_of date)
returns bigint
language sql stable parallel safe
as $$
    select (account.current_balance * 100)::bigint - (
        select core.cents_sum((booked.amount * 100)::bigint) filter (
            where booked.account_id = _account_id
        )
        from data.transactions as booked
        where booked.user_id = _user_id
          and booked.transaction_date > _as_of
    )
    from data.accounts as account
    where account.user_id = _user_id
      and account.id = _account_id;
$$;
