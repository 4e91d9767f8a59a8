-- Rules for bookings, applied: what core.verdict_rows finds is written, and every change has its
-- line in the trail.

-- Applies the active rules to bookings that came from a file in the caller's own transaction, under
-- the number of that write, and returns how many of them changed.
create or replace function core.ruleset_apply(
    _user_id bigint, _transaction_ids bigint[], _change_no bigint
)
returns bigint
language sql
as $$
    select coalesce(
        (core.ruleset_run(_user_id, _transaction_ids, _change_no, 'import')).changed_count, 0
    )::bigint;
$$;

-- Applies the active rules to bookings and returns the run, of nulls when nothing changed. plpgsql,
-- because the run has a key before its effects are written.
-- A transfer that finds its other leg changes both bookings; one that does not is noted with the
-- account that it is for, and tried again whenever rules are applied.
-- The caller has ticked the clock: _change_no, and nobody else writes this ledger meanwhile.
create or replace function core.ruleset_run(
    _user_id bigint, _transaction_ids bigint[], _change_no bigint, _reason text
)
returns data.rule_runs
language plpgsql
as $$
declare
    v_run_id constant bigint := nextval(pg_get_serial_sequence('data.rule_runs', 'id'));
    v_run data.rule_runs;
begin
    if not exists (
        select from data.transaction_rules where user_id = _user_id and is_active
    ) then
        return v_run;
    end if;
    with verdicts as materialized (
        select
            verdict.transaction_id, verdict.place, verdict.rule_id, verdict.rule_name,
            verdict.field, verdict.from_value, verdict.to_value
        from core.verdict_rows(_user_id, _transaction_ids, _reason = 'import') as verdict
    ),
    legs as materialized (
        select leg.transaction_id, leg.transfer_id, leg.rule_id, leg.rule_name
        from core.leg_rows(
            _user_id,
            (select jsonb_agg(to_jsonb(verdicts)) from verdicts where verdicts.field = 'transfer')
        ) as leg
    ),
    changes as materialized (
        select transaction_id, place, rule_id, rule_name, field, from_value, to_value
        from verdicts
        where field <> 'transfer'
        union all
        select transaction_id, 0, rule_id, rule_name, 'transfer', null, to_jsonb(transfer_id)
        from legs
        union all
        select
            verdict.transaction_id, verdict.place, verdict.rule_id, verdict.rule_name, 'transfer',
            null, jsonb_build_object('account_id', verdict.to_value)
        from verdicts as verdict
        where verdict.field = 'transfer'
          and not exists (
              select from legs where legs.transaction_id = verdict.transaction_id
          )
          and not core.leg_noted(
              _user_id, verdict.transaction_id, verdict.rule_id, verdict.to_value
          )
    ),
    sums as materialized (
        select
            change.transaction_id,
            max(case change.field when 'subcategory' then change.to_value::bigint end)
                as subcategory_id,
            max(change.to_value #>> '{}') filter (where change.field = 'counterparty')
                as counterparty,
            max(case change.field when 'transfer' then change.to_value::bigint end)
                as transfer_id,
            jsonb_agg(change.from_value order by change.place)
                filter (where change.field = 'tags') as removed,
            jsonb_agg(change.to_value order by change.place)
                filter (where change.field = 'tags') as added
        from changes as change
        where jsonb_typeof(change.to_value) <> 'object'
        group by change.transaction_id
    ),
    edited as (
        update data.transactions as booking
        set subcategory_id = coalesce(sums.subcategory_id, booking.subcategory_id),
            counterparty = coalesce(sums.counterparty, booking.counterparty),
            transfer_id = coalesce(sums.transfer_id, booking.transfer_id),
            tags = case
                when sums.added is null then booking.tags
                else core.ruleset_tags(booking.tags, sums.removed, sums.added)
            end,
            version = booking.version + 1,
            change_no = _change_no,
            updated_at = now()
        from sums
        where booking.user_id = _user_id
          and booking.id = sums.transaction_id
    ),
    runs as (
        insert into data.rule_runs (
            user_id, id, reason, change_no, seen_count, changed_count, effect_count
        )
        select
            _user_id, v_run_id, _reason, _change_no, cardinality(_transaction_ids),
            (select count(*) from sums), count(*)
        from changes
        having count(*) > 0
        returning rule_runs
    ),
    effects as (
        insert into data.rule_effects (
            user_id, run_id, rule_id, rule_name, transaction_id, field, from_value, to_value,
            from_name, to_name
        )
        select
            _user_id, v_run_id, change.rule_id, change.rule_name, change.transaction_id,
            change.field, change.from_value, change.to_value, former.name, later.name
        from changes as change
        left join data.subcategories as former
            on former.user_id = _user_id
            and former.id = case change.field when 'subcategory' then change.from_value::bigint end
        left join data.subcategories as later
            on later.user_id = _user_id
            and later.id = case change.field when 'subcategory' then change.to_value::bigint end
        order by change.transaction_id, change.place, change.field
    )
    select (rule_runs).* into v_run from runs;
    return v_run;
end;
$$;

-- Tags of a booking after lists of tags were taken away and put on, in the order they had.
create or replace function core.ruleset_tags(_tags text[], _removed jsonb, _added jsonb)
returns text[]
language sql immutable parallel safe
as $$
    select coalesce(array_agg(tag order by first_place), '{}')
    from (
        select tag, min(place) as first_place
        from (
            select tag, place
            from unnest(_tags) with ordinality as kept (tag, place)
            where not jsonb_path_exists(
                _removed, '$[*][*] ? (@ == $tag)', jsonb_build_object('tag', tag)
            )
            union all
            select item.value #>> '{}', 1000 + item.place
            from jsonb_path_query(_added, '$[*][*]') with ordinality as item (value, place)
        ) as listed
        group by tag
    ) as distinct_tags;
$$;

-- Rules that set subcategory _from_id set _to_id from now on; null: they set none, and a rule that
-- did nothing else sleeps. Returns how many rules that were. The caller has checked both keys.
create or replace function core.ruleset_move(_user_id bigint, _from_id bigint, _to_id bigint)
returns bigint
language sql
as $$
    with moved as (
        update data.transaction_rules
        set subcategory_id = _to_id,
            is_active = is_active and (
                _to_id is not null or is_last or num_nonnulls(
                    counterparty, add_tags, remove_tags, transfer_account_id
                ) > 0
            ),
            version = version + 1,
            updated_at = now()
        where user_id = _user_id
          and subcategory_id = _from_id
        returning 1
    )
    select count(*) from moved;
$$;
