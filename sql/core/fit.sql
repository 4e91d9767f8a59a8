-- Fits: how well each strand of bookings keeps each rhythm.

-- How well every strand keeps every rhythm that its gaps speak for.
-- Each of the 12 newest bookings but the oldest is a trial of "it comes again": a hit when it lies
-- in step within the tolerance, with an amount within a tenth of one of the two before; half a hit
-- when only the day is right. An occurrence that nobody booked is a trial that failed.
--     confidence = (hits + 2 * chance) / (trials + 2)
-- with the chance that was learnt for its words, or one half: the mean of a beta distribution that
-- begins with two trials. A payee seen once is a strand with no trial: monthly, with confidence =
-- chance.
-- Shape: one row per strand and rhythm, also those that are no series; ids, oldest first.
create or replace function core.fit_rows(_user_id bigint, _as_of date)
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
    cents bigint,
    least_cents bigint,
    most_cents bigint,
    first_on date,
    first_nominal_on date,
    last_on date,
    last_place integer,
    regular_count bigint,
    exact_count bigint,
    trial_count bigint,
    missed_count bigint,
    hits numeric,
    confidence numeric,
    next_rolls boolean,
    previous_rolls boolean,
    ids bigint[]
)
language sql stable parallel safe
as $$
    with placed as materialized (
        select * from core.candidate_rows(_user_id, _as_of)
    ),
    trials as (
        select
            placed.*,
            place - lag(place) over along as moved,
            abs(on_day - nominal_on) <= tolerance_days as is_near,
            abs(booked_cents - lag(booked_cents) over along) * 10
                <= abs(lag(booked_cents) over along)
            or abs(booked_cents - lag(booked_cents, 2) over along) * 10
                <= abs(lag(booked_cents, 2) over along) as is_alike,
            last_value(place) over (
                partition by strand, unit, step order by on_day, id
                rows between unbounded preceding and unbounded following
            ) as last_place
        from placed
        window along as (partition by strand, unit, step order by on_day, id)
    ),
    judged as (
        select *, is_near and moved > 0 and moved % step = 0 as is_regular from trials
    ),
    scores as (
        select
            strand,
            unit,
            step,
            count(*) filter (where is_regular and newest <= 12) as regular_count,
            count(moved) filter (where newest <= 12) as move_count,
            count(*) filter (where on_day = nominal_on and newest <= 12) as exact_count,
            sum(moved / step - 1) filter (where is_regular and newest <= 12) as missed_count,
            sum(case when is_alike then 1.0 else 0.5 end)
                filter (where is_regular and newest <= 12) as hits,
            min(on_day) as first_on,
            min(nominal_on) filter (
                where is_near and (last_place - place) % step = 0
            ) as first_nominal_on,
            max(on_day) as last_on,
            max(last_place) as last_place,
            min(booked_cents) filter (where newest <= 6) as least_cents,
            max(booked_cents) filter (where newest <= 6) as most_cents,
            bool_and(on_day = core.slot_rolled(nominal_on, 'next')) filter (where newest <= 12)
                and bool_or(on_day <> nominal_on) filter (where newest <= 12) as next_rolls,
            bool_and(on_day = core.slot_rolled(nominal_on, 'previous')) filter (where newest <= 12)
                and bool_or(on_day <> nominal_on) filter (where newest <= 12) as previous_rolls,
            array_agg(id order by on_day, id) filter (
                where is_near and (last_place - place) % step = 0
                  and (moved > 0 or moved is null)
            ) as ids
        from judged
        group by strand, unit, step
    ),
    heads as (
        select * from placed where newest = 1
    )
    select
        score.strand,
        head.account_id,
        head.direction,
        head.identity,
        head.way,
        head.level,
        head.identity_count,
        head.booking_count,
        score.unit,
        score.step,
        head.day,
        head.second,
        head.frequency,
        head.every_n,
        head.period_days,
        head.tolerance_days,
        head.cents,
        score.least_cents,
        score.most_cents,
        score.first_on,
        score.first_nominal_on,
        score.last_on,
        score.last_place,
        score.regular_count,
        score.exact_count,
        score.move_count + overdue.missed_count + coalesce(score.missed_count, 0),
        overdue.missed_count + coalesce(score.missed_count, 0),
        coalesce(score.hits, 0),
        (coalesce(score.hits, 0) + 2 * head.chance)
        / (score.move_count + overdue.missed_count + coalesce(score.missed_count, 0) + 2),
        score.next_rolls,
        score.previous_rolls,
        score.ids
    from scores as score
    inner join heads as head
        on head.strand = score.strand and head.unit = score.unit and head.step = score.step
    cross join lateral (
        -- Places whose day and tolerance are over; the rhythm counts as alive for half a period, at
        -- most 15 days, so there is one at most.
        select (
            _as_of > core.slot_day(
                score.unit, score.last_place + score.step, head.day, head.second
            ) + head.tolerance_days
        )::integer as missed_count
    ) as overdue
    where score.last_on >= _as_of - head.period_days
        - least(head.period_days / 2, case score.move_count when 0 then 4 else 15 end);
$$;
