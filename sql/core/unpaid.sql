-- Warnings of bills that their account cannot pay.

-- Brings the alerts of bills of many users up to a day; returns how many are to be told. An
-- occurrence is told once; its alert ends when it is funded, posted, skipped or past, and opens
-- again when it is short again.
create or replace function core.unpaid_raise(_user_ids bigint[], _as_of date)
returns integer
language sql
as $$
    with shorts as materialized (
        select
            bill.*,
            concat(bill.recurring_item_id, '/', bill.occurrence_on) as subject,
            least(-bill.amount_cents, -bill.left_cents) * 0.01 as missing
        from core.bill_short(_user_ids, _as_of) as bill
    ),
    ended as (
        update data.alerts as alert
        set status = 'ended', is_waiting = false, updated_at = now()
        where alert.user_id = any (_user_ids)
          and alert.kind = 'bill_unfunded'
          and alert.status <> 'ended'
          and not exists (
              select from shorts as short
              where short.user_id = alert.user_id and short.subject = alert.subject
          )
    ),
    added as (
        insert into data.alerts as known (
            user_id, kind, scope, subject, on_day, until_on, account_id, recurring_item_id,
            currency, amount, shortfall, facts, told_on_day, told_amount, raised_on
        )
        select
            short.user_id,
            'bill_unfunded',
            'bill',
            short.subject,
            short.on_day,
            short.on_day,
            short.account_id,
            short.recurring_item_id,
            account.currency,
            short.amount_cents * 0.01,
            short.missing,
            jsonb_build_object(
                'name', item.name,
                'account', account.name,
                'balance', (short.left_cents - short.amount_cents) * 0.01,
                'basis', short.basis
            ),
            short.on_day,
            short.amount_cents * 0.01,
            _as_of
        from shorts as short
        inner join data.recurring_items as item
            on item.user_id = short.user_id and item.id = short.recurring_item_id
        inner join data.accounts as account
            on account.user_id = short.user_id and account.id = short.account_id
        on conflict (user_id, kind, subject) do update
        set status = case when known.dismissed_at is null then 'open' else 'dismissed' end,
            is_waiting = known.is_waiting or known.status = 'ended'
                and num_nulls(known.sent_at, known.dismissed_at) = 2,
            on_day = excluded.on_day,
            until_on = excluded.until_on,
            amount = excluded.amount,
            shortfall = excluded.shortfall,
            facts = excluded.facts,
            updated_at = now()
        returning is_waiting
    )
    select count(*) filter (where added.is_waiting)::integer from added;
$$;
