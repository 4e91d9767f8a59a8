-- The other leg of a transfer that a rule asks for.

-- Two rows for each transfer found, one per leg, with the key of the leg that leaves and the rule
-- that asked. _wishes are rows of core.verdict_rows with field transfer, as a json list; wishes
-- that were noted before and are still without their other leg are tried again.
-- The other leg is on the account of the wish, has the same amount with the other sign and the same
-- currency, lies within four days, is no leg and has no parts. Days
-- decide when there are several, then keys; each booking is in one transfer at most.
create or replace function core.leg_rows(_user_id bigint, _wishes jsonb)
returns table (transaction_id bigint, transfer_id bigint, rule_id bigint, rule_name text)
language sql stable parallel safe
as $$
    with wishes as (
        select wish.transaction_id, wish.to_value as account_id, wish.rule_id, wish.rule_name
        from jsonb_to_recordset(_wishes) as wish (
            transaction_id bigint, to_value bigint, rule_id bigint, rule_name text
        )
        union all
        select
            effect.transaction_id, (effect.to_value ->> 'account_id')::bigint, effect.rule_id,
            effect.rule_name
        from data.rule_effects as effect
        where effect.user_id = _user_id
          and effect.undone_at is null
          and jsonb_typeof(effect.to_value) = 'object'
    ),
    pairs as (
        select distinct on (ends.leaving_id, ends.arriving_id)
            ends.leaving_id,
            ends.arriving_id,
            abs(other.transaction_date - booking.transaction_date) as days,
            wish.rule_id,
            wish.rule_name
        from wishes as wish
        inner join data.transactions as booking
            on booking.user_id = _user_id
            and booking.id = wish.transaction_id
            and booking.transfer_id is null
        inner join data.accounts as account
            on account.user_id = _user_id and account.id = booking.account_id
        inner join data.accounts as target
            on target.user_id = _user_id
            and target.id = wish.account_id
            and target.id <> account.id
            and target.currency = account.currency
        inner join data.transactions as other
            on other.user_id = _user_id
            and other.account_id = target.id
            and other.amount_cents = -booking.amount_cents
            and other.transaction_date between
                booking.transaction_date - 4 and booking.transaction_date + 4
            and other.transfer_id is null
        cross join lateral (
            select
                case when booking.amount < 0 then booking.id else other.id end as leaving_id,
                case when booking.amount < 0 then other.id else booking.id end as arriving_id
        ) as ends
        where booking.amount_cents <> 0
          and not exists (
              select from data.transaction_splits as part
              where part.user_id = _user_id and part.transaction_id in (booking.id, other.id)
          )
        order by ends.leaving_id, ends.arriving_id, wish.rule_id
    ),
    -- Two equal transfers on one day are the first with the first, the second with the second.
    ranked as (
        select
            pairs.leaving_id,
            pairs.arriving_id,
            pairs.rule_id,
            pairs.rule_name,
            row_number() over (
                partition by pairs.leaving_id order by pairs.days, pairs.arriving_id
            ) as leaving_rank,
            row_number() over (
                partition by pairs.arriving_id order by pairs.days, pairs.leaving_id
            ) as arriving_rank
        from pairs
    ),
    leaving as (
        select distinct on (ranked.leaving_id)
            ranked.leaving_id, ranked.arriving_id, ranked.leaving_rank, ranked.rule_id,
            ranked.rule_name
        from ranked
        where ranked.leaving_rank = ranked.arriving_rank
        order by ranked.leaving_id, ranked.leaving_rank
    ),
    found as (
        select distinct on (leaving.arriving_id)
            leaving.leaving_id, leaving.arriving_id, leaving.rule_id, leaving.rule_name
        from leaving
        order by leaving.arriving_id, leaving.leaving_rank
    )
    select leg.id, found.leaving_id, found.rule_id, found.rule_name
    from found
    cross join lateral (values (found.leaving_id), (found.arriving_id)) as leg (id);
$$;

-- Is it noted already that this rule looks for the other leg of this booking?
create or replace function core.leg_noted(
    _user_id bigint, _transaction_id bigint, _rule_id bigint
)
returns boolean
language sql stable parallel safe
as $$
    select exists (
        select from data.rule_effects as effect
        where effect.user_id = _user_id
          and effect.transaction_id = _transaction_id
          and effect.rule_id = _rule_id
          and effect.undone_at is null
          and jsonb_typeof(effect.to_value) = 'object'
    );
$$;
