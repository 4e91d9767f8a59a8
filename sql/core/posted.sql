-- What was posted already: which booking has taken the place of which occurrence.

-- Occurrences that a booking has taken the place of, as of a day; later bookings are not looked
-- at. A booking takes the occurrence of the item that it is linked to; one that is linked to none
-- takes an alike occurrence: on the same account, of the same amount to the cent, and from the
-- same counterparty where both name one (then the amount may differ by a tenth). Best pair first:
-- linked before alike; on the day, then up to 3 days early, then up to 10 days late, then, if
-- linked, up to 15 days early or 31 late; the nearer day before the farther. Each booking takes
-- one occurrence, a transfer is taken by the leg that leaves. Shape: one row per occurrence that
-- is taken, no order. With _drafts (core.variant_items) a booking of an item that is not among them
-- is linked to none, as if the item were dropped.
create or replace function core.posted_pairs(
    _user_id bigint,
    _active bigint[],
    _as_of date,
    _drafts data.recurring_items[] default null,
    _pauses core.pause[] default null
)
returns table (recurring_item_id bigint, occurrence_on date, transaction_id bigint)
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
declare
    v_pair record;
    v_places bigint[] := '{}';
    v_bookings bigint[] := '{}';
    v_known bigint[];
begin
    if _drafts is not null then
        v_known := array(select draft.id from unnest(_drafts) as draft);
    end if;
    -- A loop, because every choice takes its booking and its occurrence away from all pairs after
    -- it.
    for v_pair in
        with bookings as materialized (
            select
                id,
                account_id,
                case
                    when _drafts is null or recurring_item_id = any (v_known)
                        then recurring_item_id
                end as recurring_item_id,
                transaction_date,
                lower(counterparty) as counterparty,
                (amount * 100)::bigint as cents
            from data.transactions
            where user_id = _user_id
              and transaction_date between _as_of - 46 and _as_of
        ),
        near as materialized (
            select
                row_number() over () as place,
                occurrence.recurring_item_id,
                occurrence.occurrence_on,
                occurrence.on_day,
                item.account_id,
                lower(item.counterparty) as counterparty,
                case item.kind
                    when 'transfer' then -occurrence.amount_cents
                    else occurrence.amount_cents
                end as cents
            from core.occurrence_rows(
                _user_id, _active, null, _as_of - 41, _as_of + 15, _drafts, _pauses
            ) as occurrence
            inner join core.variant_items(_user_id, _drafts) as item
                on item.id = occurrence.recurring_item_id
        ),
        pairs as (
            select
                near.place,
                near.recurring_item_id,
                near.occurrence_on,
                near.on_day,
                booking.id,
                true as is_linked,
                booking.transaction_date - near.on_day as late_days
            from bookings as booking
            inner join near on near.recurring_item_id = booking.recurring_item_id
            where booking.transaction_date - near.on_day between -15 and 31
              and sign(booking.cents) = sign(near.cents)

            union all

            select
                near.place,
                near.recurring_item_id,
                near.occurrence_on,
                near.on_day,
                booking.id,
                false,
                booking.transaction_date - near.on_day
            from bookings as booking
            inner join near
                on near.account_id = booking.account_id
                and near.cents = booking.cents
            where booking.recurring_item_id is null
              and booking.transaction_date - near.on_day between -3 and 10
              and (near.counterparty = booking.counterparty) is not false

            union all

            select
                near.place,
                near.recurring_item_id,
                near.occurrence_on,
                near.on_day,
                booking.id,
                false,
                booking.transaction_date - near.on_day
            from bookings as booking
            inner join near
                on near.account_id = booking.account_id
                and near.counterparty = booking.counterparty
            where booking.recurring_item_id is null
              and booking.transaction_date - near.on_day between -3 and 10
              and near.cents <> booking.cents
              and sign(booking.cents) = sign(near.cents)
              and abs(booking.cents - near.cents) * 10 <= abs(near.cents)
        )
        select place, recurring_item_id, occurrence_on, id
        from pairs
        order by
            is_linked desc,
            case
                when late_days = 0 then 0
                when late_days between -3 and -1 then 1
                when late_days between 1 and 10 then 2
                else 3
            end,
            abs(late_days),
            on_day,
            recurring_item_id,
            occurrence_on,
            id
    loop
        continue when v_pair.place = any (v_places) or v_pair.id = any (v_bookings);
        v_places := v_places || v_pair.place;
        v_bookings := v_bookings || v_pair.id;
        recurring_item_id := v_pair.recurring_item_id;
        occurrence_on := v_pair.occurrence_on;
        transaction_id := v_pair.id;
        return next;
    end loop;
end;
$$;
