-- Unusual spending: what lies far above an owner's own norm, as a booking, as a day or as a month
-- of a subcategory. Norms: core.norm_row. What each figure is for: docs/alerts.md, decision 126.

-- What of the last seven days is unusual, and not told yet. A booking is compared with those before
-- it of its counterparty (five), else of its subcategory (eight), else with all (30); one that
-- belongs to a recurring item with its counterparty alone, for the plan knew it. Then days, with
-- days of the last 180 that have spending (30), and months of a subcategory so far, with those of
-- the twelve months before that have some (six): both without what the plan knew and what was told.
-- Whatever it is, it lies at least _least, and a twentieth of a usual month's spending, above the
-- usual. The floors of a spread say what a habit varies by when the past happens not to: two fifths
-- for a booking or day, less for a month, which adds up many.
-- Shape: one row each, no order. scope booking, day or month; compared_with counterparty,
-- subcategory or all.
create or replace function core.unusual_rows(
    _user_id bigint, _as_of date, _spreads numeric, _least numeric
)
returns table (
    scope text,
    subject text,
    on_day date,
    account_id bigint,
    subcategory_id bigint,
    transaction_ids bigint[],
    compared_with text,
    spent numeric,
    usual numeric,
    edge numeric,
    value_count integer
)
language sql stable
as $$
    with told as materialized (
        select alert.transaction_ids
        from data.alerts as alert
        where alert.user_id = _user_id
          and alert.kind = 'unusual_spending'
          and alert.until_on >= _as_of - 45
    ),
    bookings as materialized (
        select
            booking.*,
            booking.transaction_id in (
                select known.id
                from told
                cross join lateral unnest(told.transaction_ids) as known (id)
            ) as is_told
        from core.splurge_bookings(_user_id, _as_of) as booking
    ),
    floors as materialized (
        select greatest(
            _least,
            0.05 * percentile_cont(0.5) within group (order by month.spent)::numeric
        ) as least
        from (
            select sum(booking.spent) as spent
            from bookings as booking
            where booking.on_day < core.spending_month(_as_of)
            group by core.spending_month(booking.on_day)
        ) as month
    ),
    odd_bookings as materialized (
        select candidate.*, norm.*
        from (
            select booking.*, entry.recurring_item_id is not null as is_planned
            from bookings as booking
            cross join floors
            inner join data.transactions as entry
                on entry.user_id = _user_id and entry.id = booking.transaction_id
            where booking.on_day > _as_of - 7
              and not booking.is_told
              and booking.spent > floors.least
        ) as candidate
        cross join floors
        cross join lateral (
            select peer.compared_with, measured.*
            from (
                values
                    ('counterparty', 1, 5), ('subcategory', 2, 8), ('all', 3, 30)
            ) as peer (compared_with, place, least_count)
            cross join lateral core.norm_row(
                array(
                    select other.spent from bookings as other
                    where other.on_day < candidate.on_day
                      and case peer.place
                          when 1 then other.counterparty = candidate.counterparty
                          when 2 then other.subcategory_id = candidate.subcategory_id
                          else true
                      end
                ),
                array(
                    select other.spent from bookings as other
                    where other.on_day between candidate.on_day - 100 and candidate.on_day - 1
                      and case peer.place
                          when 1 then other.counterparty = candidate.counterparty
                          when 2 then other.subcategory_id = candidate.subcategory_id
                          else true
                      end
                ),
                _spreads,
                0.4,
                peer.least_count
            ) as measured
            where peer.place = 1 or not candidate.is_planned
            order by peer.place
            limit 1
        ) as norm
        where candidate.spent > norm.edge
          and candidate.spent - norm.usual >= floors.least
    ),
    plain as materialized (
        select booking.*
        from bookings as booking
        inner join data.transactions as entry
            on entry.user_id = _user_id and entry.id = booking.transaction_id
        where booking.on_day > _as_of - 40
          and not booking.is_told
          and entry.recurring_item_id is null
          and booking.transaction_id not in (select odd.transaction_id from odd_bookings as odd)
    ),
    odd_days as materialized (
        select day.on_day, day.transaction_ids, day.spent, norm.*
        from (
            select
                plain.on_day,
                sum(plain.spent) as spent,
                array_agg(plain.transaction_id order by plain.transaction_id) as transaction_ids
            from plain
            where plain.on_day > _as_of - 7
            group by plain.on_day
        ) as day
        cross join floors
        cross join lateral core.norm_row(
            array(
                select sum(other.spent) from bookings as other
                where other.on_day between day.on_day - 180 and day.on_day - 1
                group by other.on_day
            ),
            array(
                select sum(other.spent) from bookings as other
                where other.on_day between day.on_day - 100 and day.on_day - 1
                group by other.on_day
            ),
            _spreads,
            0.4,
            30
        ) as norm
        where day.spent > floors.least
          and day.spent > norm.edge
          and day.spent - norm.usual >= floors.least
    ),
    odd_months as (
        select month.*, norm.*
        from (
            select
                core.spending_month(plain.on_day) as first_on,
                plain.subcategory_id,
                max(plain.on_day) as on_day,
                sum(plain.spent) as spent,
                array_agg(plain.transaction_id order by plain.transaction_id) as transaction_ids
            from plain
            where plain.on_day >= core.spending_month(_as_of - 6)
              and plain.subcategory_id is not null
              and plain.on_day not in (select odd.on_day from odd_days as odd)
            group by core.spending_month(plain.on_day), plain.subcategory_id
        ) as month
        cross join floors
        cross join lateral (
            select array(
                select sum(other.spent) from bookings as other
                where other.subcategory_id = month.subcategory_id
                  and other.on_day < month.first_on
                  and other.on_day >= (month.first_on - interval '12 months')::date
                group by core.spending_month(other.on_day)
            ) as months
        ) as past
        cross join lateral core.norm_row(past.months, past.months, _spreads, 0.15, 6) as norm
        where month.on_day > _as_of - 7
          and month.spent > norm.edge
          and month.spent - norm.usual >= floors.least
    )
    select
        'booking', 'booking/' || odd.transaction_id, odd.on_day, odd.account_id,
        odd.subcategory_id, array[odd.transaction_id], odd.compared_with,
        odd.spent, odd.usual, odd.edge, odd.value_count
    from odd_bookings as odd
    union all
    select
        'day', 'day/' || odd.on_day, odd.on_day, null, null, odd.transaction_ids, 'all',
        odd.spent, odd.usual, odd.edge, odd.value_count
    from odd_days as odd
    union all
    select
        'month', concat('month/', odd.subcategory_id, '/', odd.first_on), odd.on_day, null,
        odd.subcategory_id, odd.transaction_ids, 'subcategory',
        odd.spent, odd.usual, odd.edge, odd.value_count
    from odd_months as odd;
$$;
