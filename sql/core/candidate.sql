-- Candidates: the rhythms that the gaps of a strand speak for, and where its bookings would lie in
-- them.

-- Every strand in every rhythm whose gaps hold the median of its last 6. The day of the rhythm is
-- the most frequent of the last 6, the last of the month when more than 7 of 10 of the last 4 are;
-- of a half month the most frequent up to the 15th and after it. cents is the median of the last
-- three; chance is what core.prior_rows knows of the words, or one half. A payee seen once is a
-- candidate for once a month. Strands that ended more than 400 days ago are left out.
-- Shape: one row per strand, rhythm and booking: the columns of core.strand_rows, those of the
-- rhythm, and the nearest day by it with its place; no order.
create or replace function core.candidate_rows(_user_id bigint, _as_of date)
returns table (
    strand text,
    account_id bigint,
    direction integer,
    identity text,
    way integer,
    level text,
    identity_count bigint,
    booking_count bigint,
    unit text,
    step integer,
    day integer,
    second integer,
    frequency text,
    every_n integer,
    period_days integer,
    tolerance_days integer,
    chance numeric,
    cents bigint,
    id bigint,
    newest bigint,
    on_day date,
    booked_cents bigint,
    nominal_on date,
    place integer
)
language sql stable parallel safe
as $$
    with bookings as materialized (
        select
            strand.*,
            extract(day from strand.on_day)::integer as month_day,
            extract(month from strand.on_day + 1) <> extract(month from strand.on_day) as is_end
        from core.strand_rows(_user_id, _as_of) as strand
    ),
    strands as materialized (
        select
            strand,
            max(booking_count) as booking_count,
            percentile_disc(0.5) within group (order by gap_days)
                filter (where newest <= 6) as gap_days,
            mode() within group (order by extract(isodow from on_day)::integer)
                filter (where newest <= 6) as weekday,
            mode() within group (order by month_day) filter (where newest <= 6) as month_day,
            avg(is_end::integer) filter (where newest <= 4) > 0.7 as is_end,
            mode() within group (order by month_day)
                filter (where newest <= 8 and month_day <= 15) as early_day,
            mode() within group (order by month_day)
                filter (where newest <= 8 and month_day > 15) as late_day,
            avg(is_end::integer) filter (where newest <= 8 and month_day > 15) > 0.7 as is_late_end,
            percentile_disc(0.5) within group (order by cents) filter (where newest <= 3) as cents,
            max(words) filter (where newest = 1) as words
        from bookings
        group by strand
        having max(booking_count) = 1 or max(on_day) > _as_of - 400
    ),
    candidates as materialized (
        select
            strands.strand,
            strands.cents,
            coalesce(prior.chance, 0.5) as chance,
            rhythm.*,
            case rhythm.unit
                when 'week' then strands.weekday
                when 'half' then strands.early_day
                else case when strands.is_end and booking_count > 1 then 32 else month_day end
            end as day,
            case
                when rhythm.unit = 'half' and strands.is_late_end then 32
                when rhythm.unit = 'half' then strands.late_day
            end as second
        from strands
        inner join core.slot_rhythms() as rhythm
            on strands.gap_days between rhythm.least_gap and rhythm.most_gap
            or (strands.gap_days is null and rhythm.unit = 'month' and rhythm.step = 1)
        left join core.prior_rows(_as_of) as prior
            on prior.words = strands.words
            and prior.direction = case when strands.cents > 0 then 1 else -1 end
        where rhythm.unit <> 'half'
           or least(strands.late_day, 30) - strands.early_day between 11 and 19
    )
    select
        booking.strand,
        booking.account_id,
        booking.direction,
        booking.identity,
        booking.way,
        booking.level,
        booking.identity_count,
        booking.booking_count,
        candidate.unit,
        candidate.step,
        candidate.day,
        candidate.second,
        candidate.frequency,
        candidate.every_n,
        candidate.period_days,
        candidate.tolerance_days,
        candidate.chance,
        candidate.cents,
        booking.id,
        booking.newest,
        booking.on_day,
        booking.cents,
        near.nominal_on,
        core.slot_place(candidate.unit, near.nominal_on, candidate.day)
    from candidates as candidate
    inner join bookings as booking on booking.strand = candidate.strand
    cross join lateral (
        select core.slot_near(
            candidate.unit, booking.on_day, candidate.day, candidate.second
        ) as nominal_on
        offset 0
    ) as near;
$$;
