-- Choices: of all fits of an owner's ledger, those that tell it best.

-- The fits that stand, by three choices:
-- 1. A fit counts when two of three steps are in rhythm, and steps of weeks or halves of months
--    were seen twice at least; a payee seen once counts when four of five such payments came again.
-- 2. Of the rhythms of one strand the one with most hits stands, then the fewest misses, then the
--    most bookings on the very day.
-- 3. Of the three ways to part an identity the one with most hits less misses stands, the plainer
--    one when they are even; parting by days is for months in a row, and must explain half of the
--    identity, since among many bookings some fall on like days by chance.
-- roll is next or previous when every booking lies where weekends would roll it, and one was.
-- Shape: one row per fit, no order; owner_key is account, direction and identity.
create or replace function core.choice_rows(_user_id bigint, _as_of date)
returns table (
    owner_key text,
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
    cents bigint,
    least_cents bigint,
    most_cents bigint,
    first_on date,
    first_nominal_on date,
    last_on date,
    last_place integer,
    missed_count bigint,
    trial_count bigint,
    confidence numeric,
    ids bigint[]
)
language sql stable parallel safe
as $$
    with fits as materialized (
        select
            fit.*,
            concat_ws('|', fit.account_id, fit.direction, fit.identity) as owner_key
        from core.fit_rows(_user_id, _as_of) as fit
        where case
            when fit.booking_count = 1 then fit.confidence >= 0.8
            else fit.regular_count * 3 >= (least(fit.booking_count, 13) - 1) * 2
                and fit.regular_count >= case fit.unit when 'month' then 1 else 2 end
                and (fit.way < 3 or (fit.unit = 'month' and fit.step = 1))
        end
    ),
    best as (
        select distinct on (fit.strand) fit.*
        from fits as fit
        order by fit.strand, fit.hits desc, fit.missed_count, fit.exact_count desc, fit.step
    ),
    ways as (
        select
            best.*,
            sum(best.hits - best.missed_count) over one_way as worth,
            sum(best.booking_count) over one_way as explained_count
        from best
        window one_way as (partition by best.owner_key, best.way)
    ),
    ranked as (
        select
            ways.*,
            dense_rank() over (
                partition by ways.owner_key order by ways.worth desc, ways.way
            ) as place
        from ways
        where ways.way < 3 or ways.explained_count * 2 >= ways.identity_count
    )
    select
        owner_key,
        account_id,
        direction,
        identity,
        level,
        unit,
        step,
        day,
        second,
        case
            when unit = 'week' then 'none'
            when next_rolls then 'next'
            when previous_rolls then 'previous'
            else 'none'
        end,
        frequency,
        every_n,
        cents,
        least_cents,
        most_cents,
        first_on,
        first_nominal_on,
        last_on,
        last_place,
        missed_count,
        trial_count,
        confidence,
        ids
    from ranked
    where place = 1;
$$;
