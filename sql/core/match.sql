-- Which bookings are the two legs of a transfer: same amount, opposite sign, two accounts of one
-- currency, at most four days apart, each leg once. What is not clear is left to the owner.

-- Every booking of the days _from.._to that has a counterpart, and what becomes of it. Neither legs
-- of transfers nor split bookings are looked at. Shape: one row per booking, by day and key;
-- partner_id is the other leg when verdict is matched; days_apart the distance to it, or to the
-- nearest counterpart. Verdicts: matched; ambiguous (the nearest counterparts lie in several
-- accounts); taken (every counterpart belongs to a nearer one); crowded (more than 1,000 pairs of
-- one amount); currency (only in accounts of another currency). Pairs are taken nearest first, then
-- by key, within each amount, so the result never depends on the plan.
create or replace function core.match_rows(_user_id bigint, _from date, _to date)
returns table (
    id bigint, cents bigint, on_day date, partner_id bigint, days_apart integer, verdict text
)
language sql stable parallel safe
as $$
    with recursive free as materialized (
        select
            booking.id,
            booking.account_id,
            account.currency,
            booking.transaction_date as on_day,
            (booking.amount * 100)::bigint as cents
        from data.transactions as booking
        inner join data.accounts as account
            on account.user_id = booking.user_id and account.id = booking.account_id
        left join data.transaction_splits as part
            on part.user_id = booking.user_id and part.transaction_id = booking.id
        where booking.user_id = _user_id
          and booking.transaction_date between _from - 4 and _to + 4
          and booking.transfer_id is null
          and booking.amount <> 0
          and part.id is null
    ),
    pairs as (
        select
            leaving.id as leaving_id,
            arriving.id as arriving_id,
            arriving.cents,
            leaving.currency = arriving.currency as is_one_currency,
            abs(arriving.on_day - leaving.on_day) as days_apart,
            leaving.account_id as from_id,
            arriving.account_id as to_id,
            leaving.on_day as left_on,
            arriving.on_day as arrived_on
        from free as leaving
        inner join free as arriving
            on arriving.cents = -leaving.cents
            and arriving.account_id <> leaving.account_id
            and arriving.on_day between leaving.on_day - 4 and leaving.on_day + 4
        where leaving.cents < 0
          and (
              leaving.on_day between _from and _to
              or arriving.on_day between _from and _to
          )
    ),
    judged as (
        select
            pairs.*,
            count(*) over (partition by cents) > 1000 as is_crowded,
            min(to_id) over leaving_tie <> max(to_id) over leaving_tie
                or min(from_id) over arriving_tie <> max(from_id) over arriving_tie as is_unclear
        from pairs
        where is_one_currency
        window
            leaving_tie as (partition by leaving_id, days_apart),
            arriving_tie as (partition by arriving_id, days_apart)
    ),
    unclear as (
        select
            judged.*,
            least(
                min(days_apart) filter (where is_unclear) over (partition by leaving_id),
                min(days_apart) filter (where is_unclear) over (partition by arriving_id)
            ) <= days_apart as is_ambiguous
        from judged
    ),
    eligible as materialized (
        select
            cents, leaving_id, arriving_id, days_apart,
            row_number() over (
                partition by cents order by days_apart, leaving_id, arriving_id
            ) as place
        from unclear
        where is_ambiguous is not true
          and not is_crowded
    ),
    -- Each round looks at the next pair of every amount: it is taken when both legs are still free.
    rounds as (
        select distinct
            cents, 0::bigint as place, array[]::bigint[] as taken, null::bigint as leaving_id,
            null::bigint as arriving_id, null::integer as days_apart, false as is_taken
        from eligible
        union all
        select
            pair.cents,
            pair.place,
            case
                when look.is_free then rounds.taken || pair.leaving_id || pair.arriving_id
                else rounds.taken
            end,
            pair.leaving_id,
            pair.arriving_id,
            pair.days_apart,
            look.is_free
        from rounds
        inner join eligible as pair
            on pair.cents = rounds.cents and pair.place = rounds.place + 1
        cross join lateral (
            select pair.leaving_id <> all (rounds.taken) and pair.arriving_id <> all (rounds.taken)
        ) as look (is_free)
    ),
    legs as (
        select
            leg.id, leg.cents, leg.on_day, leg.partner_id, pair.days_apart, taken.is_taken,
            judgement.is_ambiguous, judgement.is_crowded, pair.is_one_currency
        from pairs as pair
        left join rounds as taken
            on taken.leaving_id = pair.leaving_id and taken.arriving_id = pair.arriving_id
        left join unclear as judgement
            on judgement.leaving_id = pair.leaving_id
            and judgement.arriving_id = pair.arriving_id
        cross join lateral (
            values
                (pair.leaving_id, -pair.cents, pair.left_on, pair.arriving_id),
                (pair.arriving_id, pair.cents, pair.arrived_on, pair.leaving_id)
        ) as leg (id, cents, on_day, partner_id)
    )
    select
        legs.id,
        legs.cents,
        legs.on_day,
        min(legs.partner_id) filter (where legs.is_taken),
        coalesce(min(legs.days_apart) filter (where legs.is_taken), min(legs.days_apart)),
        case
            when bool_or(legs.is_taken) then 'matched'
            when not bool_or(legs.is_one_currency) then 'currency'
            when bool_or(legs.is_crowded) then 'crowded'
            when bool_or(legs.is_ambiguous) then 'ambiguous'
            else 'taken'
        end
    from legs
    where legs.on_day between _from and _to
       or legs.is_taken
    group by legs.id, legs.cents, legs.on_day
    order by legs.on_day, legs.id;
$$;

-- Makes transfers of what core.match_rows calls matched, or only looks when _change_no is null.
-- Returns the rows of core.match_rows.
create or replace function core.match_take(
    _user_id bigint, _from date, _to date, _change_no bigint
)
returns table (
    id bigint, cents bigint, on_day date, partner_id bigint, days_apart integer, verdict text
)
language sql
as $$
    with looked as materialized (
        select * from core.match_rows(_user_id, _from, _to)
    ),
    marked as (
        update data.transactions as leg
        set transfer_id = case when looked.cents < 0 then looked.id else looked.partner_id end,
            version = leg.version + 1,
            change_no = _change_no,
            updated_at = now()
        from looked
        where leg.user_id = _user_id
          and leg.id = looked.id
          and looked.verdict = 'matched'
          and _change_no is not null
    )
    select id, cents, on_day, partner_id, days_apart, verdict
    from looked
    order by on_day, id;
$$;
