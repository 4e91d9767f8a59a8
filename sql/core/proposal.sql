-- Proposals: series that could become recurring items.

-- The series of one owner in the words of a recurring item. kind: transfer when the bookings are
-- linked transfers, or when a series of the same amount arrives on another account of the same
-- currency within three days of it (that series is then no proposal of its own). amount has the
-- sign of its kind. name is the counterparty, else the description, of the newest booking;
-- subcategory_id the most frequent. is_covered: a booking of it is linked to an active item, or an
-- active item of the account falls due within three days of next_on with the same sign, an amount
-- within a tenth and no other counterparty. is_dismissed: its owner said no, and the amount has not
-- moved by more than a tenth since.
-- Shape: one row per proposal, no order.
create or replace function core.proposal_rows(_user_id bigint, _as_of date)
returns table (
    fingerprint text,
    kind text,
    name text,
    amount numeric,
    least_amount numeric,
    most_amount numeric,
    account_id bigint,
    to_account_id bigint,
    subcategory_id bigint,
    counterparty text,
    frequency text,
    every_n integer,
    month_days integer[],
    anchor_on date,
    roll text,
    first_on date,
    last_on date,
    expected_from date,
    next_on date,
    missed_count bigint,
    confidence numeric,
    transaction_ids bigint[],
    is_covered boolean,
    is_dismissed boolean
)
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
begin
    return query
    with series as materialized (
        select * from core.series_rows(_user_id, _as_of)
    ),
    pairs as (
        select distinct on (leaving.fingerprint)
            leaving.fingerprint,
            arriving.fingerprint as arriving_fingerprint,
            arriving.account_id as to_account_id
        from series as leaving
        inner join series as arriving
            on arriving.amount = -leaving.amount
            and arriving.account_id <> leaving.account_id
            and arriving.frequency = leaving.frequency
            and arriving.every_n = leaving.every_n
            and arriving.last_on between leaving.last_on and leaving.last_on + 3
        inner join data.accounts as source
            on source.user_id = _user_id and source.id = leaving.account_id
        inner join data.accounts as target
            on target.user_id = _user_id
            and target.id = arriving.account_id
            and target.currency = source.currency
        where leaving.direction = -1
        order by leaving.fingerprint, arriving.last_on, arriving.fingerprint
    ),
    described as (
        select
            series.*,
            coalesce(pair.to_account_id, linked.to_account_id) as to_account_id,
            evidence.subcategory_id,
            evidence.counterparty,
            coalesce(evidence.counterparty, evidence.description, 'Recurring') as name,
            evidence.is_linked
        from series
        left join pairs as pair on pair.fingerprint = series.fingerprint
        cross join lateral (
            select
                mode() within group (order by booking.subcategory_id) as subcategory_id,
                (array_agg(nullif(btrim(booking.counterparty), '') order by
                    booking.transaction_date desc, booking.id desc))[1] as counterparty,
                (array_agg(nullif(btrim(left(booking.description, 200)), '') order by
                    booking.transaction_date desc, booking.id desc))[1] as description,
                (array_agg(booking.transfer_id order by
                    booking.transaction_date desc, booking.id desc))[1] as transfer_id,
                bool_or(item.is_active) is true as is_linked
            from data.transactions as booking
            left join data.recurring_items as item
                on item.user_id = _user_id and item.id = booking.recurring_item_id
            where booking.user_id = _user_id
              and booking.id = any (series.transaction_ids)
        ) as evidence
        left join lateral (
            select other.account_id as to_account_id
            from data.transactions as other
            where other.user_id = _user_id
              and other.transaction_date between series.last_on - 31 and series.last_on + 31
              and other.transfer_id = evidence.transfer_id
              and other.account_id <> series.account_id
            limit 1
        ) as linked on evidence.transfer_id is not null
        where not exists (
            select from pairs as arrived where arrived.arriving_fingerprint = series.fingerprint
        )
    )
    select
        it.fingerprint,
        case
            when it.to_account_id is not null then 'transfer'
            when it.direction = 1 then 'income'
            else 'expense'
        end,
        it.name,
        case when it.to_account_id is null then it.amount else -it.amount end,
        case when it.to_account_id is null then it.least_amount else -it.most_amount end,
        case when it.to_account_id is null then it.most_amount else -it.least_amount end,
        it.account_id,
        it.to_account_id,
        it.subcategory_id,
        it.counterparty,
        it.frequency,
        it.every_n,
        it.month_days,
        it.anchor_on,
        it.roll,
        it.first_on,
        it.last_on,
        greatest(it.last_on, it.last_nominal_on) + 1,
        it.next_on,
        it.missed_count,
        round(it.confidence, 3),
        it.transaction_ids,
        it.is_linked or exists (
            select
            from data.recurring_items as item
            cross join lateral core.occurrence_rows(
                _user_id,
                array[item.account_id, item.to_account_id],
                null,
                it.next_on - 3,
                it.next_on + 3
            ) as occurrence
            where item.user_id = _user_id
              and item.is_active
              and item.account_id = it.account_id
              and occurrence.recurring_item_id = item.id
              and abs(
                    case item.kind when 'transfer' then -item.amount else item.amount end
                    - it.amount
                ) * 10 <= abs(it.amount)
              and (lower(item.counterparty) = lower(it.counterparty)) is not false
        ),
        exists (
            select from data.recurring_dismissals as dismissal
            where dismissal.user_id = _user_id
              and dismissal.fingerprint = it.fingerprint
              and abs(abs(dismissal.amount) - abs(it.amount)) * 10 <= abs(dismissal.amount)
        )
    from described as it;
end;
$$;
