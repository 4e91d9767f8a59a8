-- Envelopes: what a subcategory has, what was spent from it, and where that leads.

-- What was booked on some accounts from _from to _to, by subcategory; transfers are none of it, a
-- split booking counts by its parts. received: the sum of what came in, spent: of what went out,
-- both positive, so spent less received is what an envelope lost, refunds taken off. pending: the
-- part of that difference that is not posted yet. Shape: one row per subcategory, null for none,
-- no order. plpgsql, so that its days are plain values: the split bookings are looked up once.
create or replace function core.envelope_sums(
    _user_id bigint, _from date, _to date, _accounts bigint[]
)
returns table (subcategory_id bigint, received numeric, spent numeric, pending numeric)
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
begin
    return query
    select
        leg.subcategory_id,
        coalesce(sum(leg.amount) filter (where leg.amount > 0), 0.00),
        coalesce(-sum(leg.amount) filter (where leg.amount < 0), 0.00),
        coalesce(
            -sum(leg.amount) filter (
                where leg.transaction_id in (
                    select booking.id
                    from data.transactions as booking
                    where booking.user_id = _user_id
                      and booking.transaction_date between _from and _to
                      and booking.is_pending
                )
            ),
            0.00
        )
    from core.spending_legs(_user_id, _from, _to) as leg
    where leg.account_id = any (_accounts)
    group by leg.subcategory_id;
end;
$$;

-- What is scheduled and not booked, by item, from the day after _as_of to _to and, of what is late,
-- from _from; _active as in core.occurrence_rows. An occurrence that a booking has taken the place
-- of is none (core.posted_pairs). Transfers and items on other accounts than _accounts are left
-- out, and so is income whose source is put away. Shape: one row per item, no order; amount has the
-- sign of the item.
create or replace function core.envelope_dues(
    _user_id bigint, _active bigint[], _accounts bigint[], _from date, _as_of date, _to date
)
returns table (
    recurring_item_id bigint,
    kind text,
    name text,
    subcategory_id bigint,
    next_on date,
    due_count bigint,
    amount numeric
)
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
begin
    if _as_of > _to then
        return;
    end if;
    return query
    with dues as materialized (
        select
            occurrence.recurring_item_id,
            occurrence.occurrence_on,
            occurrence.on_day,
            occurrence.amount_cents
        from core.occurrence_rows(_user_id, _active, null, _from, _to) as occurrence
        where occurrence.on_day > _as_of
           or occurrence.on_day >= occurrence.expected_from
    ),
    posted as materialized (
        select pair.recurring_item_id, pair.occurrence_on
        from core.posted_pairs(_user_id, _active, _as_of) as pair
        where exists (select from dues)
    )
    select
        item.id,
        item.kind,
        item.name,
        item.subcategory_id,
        min(due.on_day),
        count(*),
        sum(due.amount_cents) * 0.01
    from dues as due
    inner join data.recurring_items as item
        on item.user_id = _user_id and item.id = due.recurring_item_id
    where item.kind <> 'transfer'
      and item.account_id = any (_accounts)
      and (due.recurring_item_id, due.occurrence_on) not in (
          select posted.recurring_item_id, posted.occurrence_on from posted
      )
      and not exists (
          select from data.income_sources as source
          where source.user_id = _user_id
            and source.recurring_item_id = item.id
            and not source.is_active
      )
    group by item.user_id, item.id;
end;
$$;

-- Where an envelope stands. available: allocated and carried; share: of the period that is over, 0
-- to 1; due: what is still scheduled there.
-- percent: spent of available. pace: that share against the share of days, 1 is as fast as time.
-- projected: what will be spent by the end, which is what is scheduled for a fixed envelope, and
-- what goes on at this pace for any other; null before the period.
-- status: over when more was spent than there is, ahead when more is projected, else on_track.
create or replace function core.envelope_state(
    _available numeric, _spent numeric, _share numeric, _due numeric, _is_recurring boolean
)
returns table (percent numeric, pace numeric, projected numeric, status text)
language sql immutable parallel safe
as $$
    select
        round(100 * _spent / nullif(greatest(_available, 0), 0), 1),
        round(_spent / nullif(greatest(_available, 0), 0) / nullif(_share, 0), 2),
        path.projected,
        case
            when _spent > greatest(_available, 0) then 'over'
            when path.projected > greatest(_available, 0) then 'ahead'
            else 'on_track'
        end
    from (
        select case
            when _is_recurring then _spent + _due
            else round(_spent / nullif(_share, 0), 2)
        end as projected
    ) as path;
$$;
