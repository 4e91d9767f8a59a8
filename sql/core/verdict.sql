-- What the rules of an owner would change on bookings, before anything is written.

-- One row for each change, by booking and rule. For each field the first rule that a booking meets
-- and that sets it decides, and no later one; for tags this holds for each tag. What it decides is
-- a change when it differs from what is there and may be written: always when the rule overwrites;
-- else when no rule has set the field before and it is empty, or when this rule set it last and it
-- is as the rule left it. So what a hand or another rule has set stays, and so does what a hand has
-- cleared after a rule. _from_file: the bookings come from a file in this very moment, so their
-- counterparty is the bank's and no hand's.
-- A booking with parts has no subcategory to be set. A transfer is a wish: its to_value is the
-- account, and core.ruleset_run looks for the other leg.
create or replace function core.verdict_rows(
    _user_id bigint,
    _transaction_ids bigint[],
    _from_file boolean,
    _draft jsonb default null
)
returns table (
    transaction_id bigint,
    place integer,
    rule_id bigint,
    rule_name text,
    field text,
    from_value jsonb,
    to_value jsonb
)
language sql stable parallel safe
as $$
    with rules as materialized (
        select
            found.place,
            (found.rule).id,
            (found.rule).name,
            (found.rule).subcategory_id,
            (found.rule).counterparty,
            (found.rule).add_tags,
            (found.rule).remove_tags,
            (found.rule).transfer_account_id,
            (found.rule).is_overwriting
        from core.condition_rules(_user_id, _draft) as found
    ),
    matches as materialized (
        select found.transaction_id, found.place
        from core.condition_matches(_user_id, _transaction_ids, _draft) as found
        where found.is_reached
    ),
    tag_wishes as materialized (
        -- The first rule that names a tag decides about it.
        select distinct on (match.transaction_id, wish.tag)
            match.transaction_id, match.place, wish.tag, wish.is_added, wish.number
        from matches as match
        inner join rules as rule on rule.place = match.place
        cross join lateral (
            select tag, true as is_added, number
            from unnest(rule.add_tags) with ordinality as added (tag, number)
            union all
            select tag, false, number
            from unnest(rule.remove_tags) with ordinality as removed (tag, number)
        ) as wish
        where rule.add_tags is not null or rule.remove_tags is not null
        order by match.transaction_id, wish.tag, match.place
    ),
    tag_changes as (
        select
            wish.transaction_id,
            wish.place,
            jsonb_agg(wish.tag order by wish.number) filter (where not wish.is_added) as removed,
            jsonb_agg(wish.tag order by wish.number) filter (where wish.is_added) as added,
            sum(sum(case when wish.is_added then 1 else -1 end))
                over (partition by wish.transaction_id) + min(cardinality(booking.tags)) as count,
            sum(sum(case when wish.is_added then length(wish.tag) else -length(wish.tag) end))
                over (partition by wish.transaction_id)
                + min(length(array_to_string(booking.tags, ''))) as length
        from tag_wishes as wish
        inner join data.transactions as booking
            on booking.user_id = _user_id and booking.id = wish.transaction_id
        where wish.is_added <> (wish.tag = any (booking.tags))
        group by wish.transaction_id, wish.place
    ),
    winners as (
        select distinct on (match.transaction_id, wish.field)
            match.transaction_id,
            rule.place,
            rule.id as rule_id,
            rule.name as rule_name,
            rule.is_overwriting,
            wish.field,
            wish.to_value
        from matches as match
        inner join rules as rule on rule.place = match.place
        cross join lateral (
            values
                ('subcategory', to_jsonb(rule.subcategory_id)),
                ('counterparty', to_jsonb(rule.counterparty)),
                ('transfer', to_jsonb(rule.transfer_account_id))
        ) as wish (field, to_value)
        where wish.to_value is not null
        order by match.transaction_id, wish.field, match.place
    ),
    changes as (
        select
            winner.transaction_id,
            winner.place,
            winner.rule_id,
            winner.rule_name,
            winner.field,
            held.from_value,
            winner.to_value
        from winners as winner
        inner join data.transactions as booking
            on booking.user_id = _user_id and booking.id = winner.transaction_id
        cross join lateral (
            select case winner.field
                when 'subcategory' then to_jsonb(booking.subcategory_id)
                when 'counterparty' then to_jsonb(booking.counterparty)
                else to_jsonb(booking.transfer_id)
            end as from_value
        ) as held
        left join lateral (
            select effect.rule_id, effect.to_value
            from data.rule_effects as effect
            where effect.user_id = _user_id
              and effect.transaction_id = winner.transaction_id
              and effect.field = winner.field
              and effect.undone_at is null
            order by effect.id desc
            limit 1
        ) as latest on true
        where winner.to_value is distinct from held.from_value
          and case winner.field
              when 'transfer' then booking.transfer_id is null
                  and booking.account_id <> winner.to_value::bigint
                  and (
                      winner.is_overwriting
                      or latest.to_value is null
                      or not core.leg_parted(_user_id, booking.id)
                  )
              when 'subcategory' then core.verdict_allows(
                      winner.is_overwriting, winner.rule_id, held.from_value, latest.to_value,
                      latest.rule_id, false
                  )
                  and not exists (
                      select from data.transaction_splits as part
                      where part.user_id = _user_id and part.transaction_id = booking.id
                  )
              else core.verdict_allows(
                  winner.is_overwriting, winner.rule_id, held.from_value, latest.to_value,
                  latest.rule_id, _from_file
              )
          end
    )
    select
        transaction_id, place, rule_id, rule_name, field, from_value, to_value
    from changes
    union all
    select
        tagged.transaction_id, tagged.place, rule.id, rule.name, 'tags',
        coalesce(tagged.removed, '[]'), coalesce(tagged.added, '[]')
    from tag_changes as tagged
    inner join rules as rule on rule.place = tagged.place
    where tagged.count <= 20 and tagged.length <= 800
    order by 1, 2;
$$;

-- May a rule set a field that holds _now, when rule _latest_id set it to _latest last (null and
-- null: none has)? _is_given: what it holds is nobody's choice.
create or replace function core.verdict_allows(
    _is_overwriting boolean,
    _rule_id bigint,
    _now jsonb,
    _latest jsonb,
    _latest_id bigint,
    _is_given boolean
)
returns boolean
language sql immutable parallel safe
as $$
    select _is_overwriting
        or (_latest is null and (_now is null or _is_given))
        or coalesce(_latest_id = _rule_id and _latest = _now, false);
$$;
