-- The trail of the rules: which rule set what, run by run, and a run taken back.

-- What rules did to one booking, the latest first, before a key.
create or replace function core.effect_trail(
    _user_id bigint, _transaction_id bigint, _before_id bigint, _limit integer
)
returns setof data.rule_effects
language sql stable parallel safe
as $$
    select effect
    from data.rule_effects as effect
    where effect.user_id = _user_id
      and effect.transaction_id = _transaction_id
      and effect.id < _before_id
    order by effect.id desc
    limit _limit;
$$;

-- What one rule did, the latest first, before a key.
create or replace function core.effect_page(
    _user_id bigint, _rule_id bigint, _before_id bigint, _limit integer
)
returns setof data.rule_effects
language sql stable parallel safe
as $$
    select effect
    from data.rule_effects as effect
    where effect.user_id = _user_id
      and effect.rule_id = _rule_id
      and effect.id < _before_id
    order by effect.id desc
    limit _limit;
$$;

-- An effect under the names of the wire.
create or replace function core.effect_json(_effect data.rule_effects)
returns json
language sql immutable parallel safe
as $$
    select json_build_object(
        'id', _effect.id,
        'run_id', _effect.run_id,
        'rule_id', _effect.rule_id,
        'rule_name', _effect.rule_name,
        'transaction_id', _effect.transaction_id,
        'field', _effect.field,
        'from', _effect.from_value,
        'to', _effect.to_value,
        'from_name', _effect.from_name,
        'to_name', _effect.to_name,
        'set_at', _effect.set_at,
        'undone_at', _effect.undone_at
    );
$$;

-- What api functions say of an effect, in the words of api.route.
create or replace function core.effect_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "id": "integer",
        "run_id": "integer",
        "rule_id": "integer?",
        "rule_name": "text",
        "transaction_id": "integer",
        "field": "subcategory|counterparty|tags|transfer",
        "from": "any",
        "to": "any",
        "from_name": "text?",
        "to_name": "text?",
        "set_at": "timestamp",
        "undone_at": "timestamp?"
    }'::jsonb;
$$;

-- Runs, the latest first, before a key.
create or replace function core.effect_runs(_user_id bigint, _before_id bigint, _limit integer)
returns table (
    id bigint,
    reason text,
    began_at timestamptz,
    seen_count integer,
    changed_count integer,
    effect_count integer,
    undone_at timestamptz
)
language sql stable parallel safe
as $$
    select id, reason, began_at, seen_count, changed_count, effect_count, undone_at
    from data.rule_runs
    where user_id = _user_id
      and id < _before_id
    order by id desc
    limit _limit;
$$;

-- Takes a run back: every field that is still as the run left it, and that no later run has set,
-- is as it was before; what a hand has changed since stays. A transfer is taken apart while both
-- legs are as the run left them; what waits for its other leg waits no longer. Returns how many
-- bookings changed.
-- Errors: PT404 no such run, PT409 it was undone already.
create or replace function core.effect_undo(_user_id bigint, _run_id bigint)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_run data.rule_runs;
    v_changed bigint;
begin
    update data.rule_runs set undone_at = now()
    where user_id = _user_id and id = _run_id and undone_at is null
    returning rule_runs.* into v_run;
    if not found then
        perform core.check_found(
            'run',
            (select true from data.rule_runs where user_id = _user_id and id = _run_id)
        );
        raise exception 'This run was undone already' using errcode = 'PT409';
    end if;

    with standing as materialized (
        select effect.id, effect.transaction_id, effect.field, effect.from_value, effect.to_value
        from data.rule_effects as effect
        inner join data.transactions as booking
            on booking.user_id = _user_id and booking.id = effect.transaction_id
        where effect.user_id = _user_id
          and effect.run_id = _run_id
          and effect.undone_at is null
          and case effect.field
              when 'subcategory' then effect.to_value = to_jsonb(booking.subcategory_id)
              when 'counterparty' then effect.to_value = to_jsonb(booking.counterparty)
              when 'transfer' then jsonb_typeof(effect.to_value) = 'object' or (
                  booking.transfer_id in (select core.leg_pairs(_user_id, _run_id))
                  and effect.to_value = to_jsonb(booking.transfer_id)
              )
              else true
          end
          and (jsonb_typeof(effect.to_value) = 'object' or not exists (
              select from data.rule_effects as later
              where later.user_id = _user_id
                and later.transaction_id = effect.transaction_id
                and later.field = effect.field
                and later.run_id > _run_id
                and later.undone_at is null
          ))
    ),
    marked as (
        update data.rule_effects as effect
        set undone_at = now()
        from standing
        where effect.user_id = _user_id
          and effect.id = standing.id
    ),
    sums as materialized (
        select
            standing.transaction_id,
            bool_or(standing.field = 'subcategory') as has_subcategory,
            max(case standing.field when 'subcategory' then standing.from_value::bigint end)
                as subcategory_id,
            bool_or(standing.field = 'counterparty') as has_counterparty,
            max(case standing.field when 'counterparty' then standing.from_value #>> '{}' end)
                as counterparty,
            jsonb_agg(standing.to_value) filter (where standing.field = 'tags') as added,
            jsonb_agg(standing.from_value) filter (where standing.field = 'tags') as removed,
            bool_or(standing.field = 'transfer') as has_transfer
        from standing
        where jsonb_typeof(standing.to_value) <> 'object'
        group by standing.transaction_id
    ),
    edited as (
        update data.transactions as booking
        set subcategory_id = case
                when sums.has_subcategory then known.id else booking.subcategory_id
            end,
            counterparty = case
                when sums.has_counterparty then sums.counterparty else booking.counterparty
            end,
            tags = case
                when sums.added is null then booking.tags
                else (core.ruleset_tags(booking.tags, sums.added, sums.removed))[:20]
            end,
            transfer_id = case when not sums.has_transfer then booking.transfer_id end,
            version = booking.version + 1,
            change_no = v_change_no,
            updated_at = now()
        from sums
        left join data.subcategories as known  -- the one from before may be gone
            on known.user_id = _user_id and known.id = sums.subcategory_id
        where booking.user_id = _user_id
          and booking.id = sums.transaction_id
        returning 1
    )
    select count(*) into v_changed from edited;
    return v_changed;
end;
$$;
