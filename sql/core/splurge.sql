-- Warnings of unusual spending: each booking is told once, by itself or in its day or month.

-- Spending of one owner, in their currency, of the last 13 months up to _as_of: one row per booking
-- without transfers, its parts together. spent is positive. No rows when nothing was booked in the
-- last seven days: there is nothing to judge.
create or replace function core.splurge_bookings(_user_id bigint, _as_of date)
returns table (
    on_day date,
    account_id bigint,
    transaction_id bigint,
    counterparty text,
    subcategory_id bigint,
    spent numeric
)
language sql stable parallel safe
as $$
    select
        leg.on_day,
        leg.account_id,
        leg.transaction_id,
        lower(min(leg.counterparty)),
        case when count(*) = 1 then min(leg.subcategory_id) end,
        -sum(leg.amount)
    from core.spending_legs(_user_id, _as_of - 396, _as_of) as leg
    where leg.amount < 0
      and leg.account_id in (
          select account.id
          from data.accounts as account
          inner join data.users as person on person.id = account.user_id
          where account.user_id = _user_id
            and account.currency = person.currency
      )
      and exists (
          select from data.transactions as recent
          where recent.user_id = _user_id
            and recent.transaction_date between _as_of - 6 and _as_of
      )
    group by leg.on_day, leg.account_id, leg.transaction_id;
$$;

-- Brings the alerts of unusual spending of many users up to a day; returns how many are to be told.
-- One ends by itself a month after its day.
create or replace function core.splurge_raise(_user_ids bigint[], _as_of date)
returns integer
language sql
as $$
    with ended as (
        update data.alerts as alert
        set status = 'ended', is_waiting = false, updated_at = now()
        where alert.user_id = any (_user_ids)
          and alert.kind = 'unusual_spending'
          and alert.status <> 'ended'
          and alert.until_on < _as_of - 31
    ),
    added as (
        insert into data.alerts (
            user_id, kind, scope, subject, on_day, until_on, account_id, subcategory_id,
            transaction_id, transaction_ids, currency, amount, shortfall, facts, told_on_day,
            told_amount, raised_on
        )
        select
            own.user_id,
            'unusual_spending',
            odd.scope,
            odd.subject,
            odd.on_day,
            odd.on_day,
            odd.account_id,
            odd.subcategory_id,
            entry.id,
            odd.transaction_ids,
            person.currency,
            -odd.spent,
            odd.spent - odd.usual,
            jsonb_build_object(
                'label', case odd.compared_with
                    when 'counterparty' then entry.counterparty
                    when 'subcategory' then filed.name
                end,
                'description', entry.description,
                'compared_with', odd.compared_with,
                'usual', odd.usual,
                'edge', odd.edge,
                'times', round(odd.spent / odd.usual, 1),
                'value_count', odd.value_count,
                'spreads', own.spending_spreads
            ),
            odd.on_day,
            -odd.spent,
            _as_of
        from core.threshold_rows(_user_ids) as own
        inner join data.users as person on person.id = own.user_id
        cross join lateral core.unusual_rows(
            own.user_id, _as_of, own.spending_spreads, own.spending_least
        ) as odd
        left join data.transactions as entry
            on entry.user_id = own.user_id
            and odd.scope = 'booking'
            and entry.id = odd.transaction_ids[1]
        left join data.subcategories as filed
            on filed.user_id = own.user_id and filed.id = odd.subcategory_id
        where own.has_spending
        on conflict (user_id, kind, subject) do nothing
        returning 1
    )
    select count(*)::integer from added;
$$;
