-- The other leg of a transfer that a rule asks for.

-- Two rows for each transfer found, one per leg, with the key of the leg that leaves and the rule
-- that asked. _wishes are rows of core.verdict_rows with field transfer, as a json list; wishes
-- that were noted before and are still without their other leg are tried again, as long as their
-- rule wants them.
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
        inner join data.transaction_rules as rule
            on rule.user_id = _user_id
            and rule.id = effect.rule_id
            and rule.is_active
            and rule.transfer_account_id = (effect.to_value ->> 'account_id')::bigint
        where effect.user_id = _user_id
          and effect.undone_at is null
          and jsonb_typeof(effect.to_value) = 'object'
          and (rule.is_overwriting or not core.leg_parted(_user_id, effect.transaction_id))
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

-- Is it noted already that this rule looks for the other leg of this booking on that account?
-- account_id as json.
create or replace function core.leg_noted(
    _user_id bigint, _transaction_id bigint, _rule_id bigint, _account_id jsonb
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
          and effect.to_value = jsonb_build_object('account_id', _account_id)
    );
$$;

-- Did a hand take the booking out of a transfer that a rule made? Both legs are there, and this one
-- is a leg no longer: when the other one is gone, nobody has taken anything apart.
create or replace function core.leg_parted(_user_id bigint, _transaction_id bigint)
returns boolean
language sql stable parallel safe
as $$
    select exists (
        select
        from data.rule_effects as effect
        inner join data.transactions as booking
            on booking.user_id = _user_id
            and booking.id = effect.transaction_id
            and booking.transfer_id is null
        inner join data.rule_effects as facing
            on facing.user_id = _user_id
            and facing.run_id = effect.run_id
            and facing.field = 'transfer'
            and facing.to_value = effect.to_value
            and facing.transaction_id <> effect.transaction_id
        where effect.user_id = _user_id
          and effect.transaction_id = _transaction_id
          and effect.field = 'transfer'
          and effect.undone_at is null
          and jsonb_typeof(effect.to_value) = 'number'
    );
$$;

-- Transfers that a run made and whose two legs are still as it left them: their keys, no order.
create or replace function core.leg_pairs(_user_id bigint, _run_id bigint)
returns setof bigint
language sql stable parallel safe
as $$
    select leg.transfer_id
    from data.rule_effects as effect
    inner join data.transactions as leg
        on leg.user_id = _user_id
        and leg.id = effect.transaction_id
        and to_jsonb(leg.transfer_id) = effect.to_value
    where effect.user_id = _user_id
      and effect.run_id = _run_id
      and effect.field = 'transfer'
    group by leg.transfer_id
    having count(*) = 2;
$$;
