-- Series: what comes again in an owner's ledger, as seen from a day. Nothing that was booked after
-- _as_of is read.

-- The series of one owner, as core.choice_rows chose them.
-- amount is the median of the last three bookings; least_amount and most_amount are of the last
-- six; month_days, frequency, every_n, roll and anchor_on are ready for core.recurring_add: the
-- anchor is the first booking's day by the rule, so every booking of the series is an occurrence.
-- next_on is the first day by the rule after both the last booking and _as_of. missed_count are
-- occurrences since the first that nobody booked. fingerprint is the same for the same account,
-- direction, identity, level and rhythm, whatever is booked later.
-- Shape: one row per series, no order; ids, oldest first, of at most 60 bookings.
-- plpgsql for its kept plan: planning costs more than running.
create or replace function core.series_rows(_user_id bigint, _as_of date)
returns table (
    fingerprint text,
    account_id bigint,
    direction integer,
    identity text,
    level text,
    unit text,
    step integer,
    day integer,
    second integer,
    roll text,
    frequency text,
    every_n integer,
    month_days integer[],
    anchor_on date,
    amount numeric,
    least_amount numeric,
    most_amount numeric,
    first_on date,
    last_on date,
    last_nominal_on date,
    last_place integer,
    next_on date,
    missed_count bigint,
    trial_count bigint,
    confidence numeric,
    transaction_ids bigint[]
)
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
begin
    return query
    with chosen as materialized (
        select * from core.choice_rows(_user_id, _as_of)
    )
    select
        md5(concat_ws(
            '|',
            chosen.owner_key,
            chosen.level,
            chosen.frequency,
            chosen.every_n
        )),
        chosen.account_id,
        chosen.direction,
        chosen.identity,
        chosen.level,
        chosen.unit,
        chosen.step,
        chosen.day,
        chosen.second,
        chosen.roll,
        chosen.frequency,
        chosen.every_n,
        case chosen.unit
            when 'month' then array[case chosen.day when 32 then -1 else chosen.day end]
            when 'half' then array[
                chosen.day, case chosen.second when 32 then -1 else chosen.second end
            ]
        end,
        chosen.first_nominal_on,
        (chosen.cents / 100.0)::numeric(14, 2),
        (chosen.least_cents / 100.0)::numeric(14, 2),
        (chosen.most_cents / 100.0)::numeric(14, 2),
        chosen.first_on,
        chosen.last_on,
        core.slot_day(chosen.unit, chosen.last_place, chosen.day, chosen.second),
        chosen.last_place,
        upcoming.on_day,
        chosen.missed_count,
        chosen.trial_count,
        chosen.confidence,
        chosen.ids
    from chosen
    cross join lateral (
        select min(ahead.on_day) as on_day
        from (
            select core.slot_rolled(
                core.slot_day(
                    chosen.unit, chosen.last_place + chosen.step * steps, chosen.day, chosen.second
                ),
                chosen.roll
            ) as on_day
            from generate_series(1, 4) as steps
        ) as ahead
        where ahead.on_day > _as_of
    ) as upcoming;
end;
$$;

-- The same for many owners, one after the other: a lateral call is dearer by nothing and its plan
-- is kept. Shape: user_id and the columns of core.series_rows that a forecast needs.
create or replace function core.series_many(_user_ids bigint[], _as_of date)
returns table (
    user_id bigint,
    fingerprint text,
    account_id bigint,
    direction integer,
    identity text,
    frequency text,
    amount numeric,
    unit text,
    step integer,
    day integer,
    second integer,
    roll text,
    last_place integer,
    next_on date,
    confidence numeric,
    transaction_ids bigint[]
)
language sql stable parallel safe
as $$
    select
        owner.user_id,
        series.fingerprint,
        series.account_id,
        series.direction,
        series.identity,
        series.frequency,
        series.amount,
        series.unit,
        series.step,
        series.day,
        series.second,
        series.roll,
        series.last_place,
        series.next_on,
        series.confidence,
        series.transaction_ids
    from unnest(_user_ids) as owner (user_id)
    cross join lateral core.series_rows(owner.user_id, _as_of) as series;
$$;
call core.cross_owner(
    'core.series_many(bigint[],date)', 'a forecast of many owners needs the series of each'
);

-- What the series of many owners will book in the _days after _as_of: one row per owner, series and
-- day, no order. A place that was not booked before _as_of is not made up for.
create or replace function core.series_dates(_user_ids bigint[], _as_of date, _days integer)
returns table (
    user_id bigint,
    fingerprint text,
    account_id bigint,
    direction integer,
    identity text,
    frequency text,
    on_day date,
    amount numeric,
    confidence numeric
)
language sql stable parallel safe
as $$
    select
        series.user_id,
        series.fingerprint,
        series.account_id,
        series.direction,
        series.identity,
        series.frequency,
        due.on_day,
        series.amount,
        series.confidence
    from core.series_many(_user_ids, _as_of) as series
    cross join lateral (
        select core.slot_rolled(
            core.slot_day(
                series.unit, series.last_place + series.step * ahead, series.day, series.second
            ),
            series.roll
        ) as on_day
        from generate_series(
            1, (_days + 120) / (series.step * case series.unit
                when 'week' then 7
                when 'half' then 15
                else 30
            end) + 4
        ) as ahead
        offset 0
    ) as due
    where due.on_day > _as_of
      and due.on_day <= _as_of + _days;
$$;
