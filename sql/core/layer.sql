-- One scenario laid upon a schedule: its changes become other items, pauses and dated amounts.
-- Nothing is written.

-- The amounts that a goal takes from the covered money: its monthly, on the day of the month of
-- from_on (else of _as_of) and from that day or _as_of on, until what is missing of the target is
-- reached; the last one is what is left. None when the goal's account is not covered.
-- Shape: a row per contribution up to _to, by day. Source: the dates of core.rhythm_dates.
create or replace function core.layer_goal(
    _user_id bigint, _goal jsonb, _as_of date, _to date, _covered bigint[]
)
returns setof core.due
language sql stable parallel safe
as $$
    select
        null::bigint,
        paid.on_day,
        paid.on_day,
        -least(paid.monthly_cents, paid.missing_cents - (paid.place - 1) * paid.monthly_cents),
        -least(paid.monthly_cents, paid.missing_cents - (paid.place - 1) * paid.monthly_cents),
        'goal'
    from (
        select
            found.on_day,
            goal.monthly_cents,
            goal.missing_cents,
            row_number() over (order by found.on_day) as place
        from (
            select
                coalesce((_goal ->> 'account_id')::bigint, 0) as account_id,
                coalesce((_goal ->> 'from_on')::date, _as_of) as from_on,
                ((_goal ->> 'monthly')::numeric * 100)::bigint as monthly_cents,
                (
                    ((_goal ->> 'target')::numeric - coalesce((_goal ->> 'saved')::numeric, 0))
                    * 100
                )::bigint as missing_cents
        ) as goal
        cross join lateral core.rhythm_dates(
            _user_id,
            array[goal.account_id],
            '{}',
            greatest(goal.from_on, _as_of),
            _to,
            false,
            null,
            array[
                core.variant_filled(
                    jsonb_populate_record(
                        null::data.recurring_items,
                        jsonb_build_object(
                            'id', 0, 'kind', 'expense', 'amount', -1, 'frequency', 'monthly',
                            'every_n', 1, 'anchor_on', goal.from_on, 'roll', 'none',
                            'account_id', goal.account_id, 'expected_from', goal.from_on,
                            'is_active', true
                        )
                    )
                )
            ]
        ) as found
        where goal.account_id = any (0 || _covered)
    ) as paid
    where (paid.place - 1) * paid.monthly_cents < paid.missing_cents
    order by paid.on_day;
$$;

-- The amount of a purchase on its day; none when that day is not from _as_of to _to, or its account
-- is not covered.
create or replace function core.layer_purchase(
    _purchase jsonb, _as_of date, _to date, _covered bigint[]
)
returns setof core.due
language sql immutable parallel safe
as $$
    select
        null::bigint,
        bought.on_day,
        bought.on_day,
        bought.cents,
        bought.cents,
        'purchase'
    from (
        select
            (_purchase ->> 'on_day')::date as on_day,
            ((_purchase ->> 'amount')::numeric * 100)::bigint as cents,
            (_purchase ->> 'account_id')::bigint as account_id
    ) as bought
    where bought.on_day between _as_of and _to
      and (bought.account_id is null or bought.account_id = any (_covered));
$$;

-- True when the list _field of _changes holds what it must. Errors: PT422 and PT404 with the place.
-- Items are judged by core.thought_draft and core.thought_edit.
create or replace function core.layer_check(_user_id bigint, _field text, _change jsonb)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    case _field
        when 'paused' then
            return core.check_rule(
                'to_on',
                coalesce((_change ->> 'to_on')::date >= (_change ->> 'from_on')::date, true),
                'to_on is before from_on'
            );
        when 'purchases' then
            perform core.check_rule(
                'amount',
                (_change ->> 'amount')::numeric < 0,
                'The amount of a purchase is negative'
            );
        when 'goals' then
            perform core.check_rule(
                'financial_goal_id',
                case
                    when _change ? 'financial_goal_id' then _change - 'financial_goal_id' = '{}'
                    else _change ?& '{target,monthly}'
                end,
                'A goal is financial_goal_id alone, or target and monthly'
            );
            if _change ? 'financial_goal_id' then
                return true;
            end if;
            perform core.check_rule(
                'monthly',
                (_change ->> 'monthly')::numeric > 0,
                'What goes to a goal every month is positive'
            );
            perform core.check_rule(
                'target', (_change ->> 'target')::numeric > 0, 'The target of a goal is positive'
            );
        else
            return true;
    end case;
    return (_change ->> 'account_id') is null or core.account_check(
        _user_id, (_change ->> 'account_id')::bigint, 'account_id'
    );
end;
$$;

-- How many single changes a scenario holds; at most 50. Errors: PT422 with added.
create or replace function core.layer_count(_changes jsonb)
returns integer
language plpgsql immutable parallel safe
as $$
declare
    v_count constant integer := (
        select coalesce(
            sum(
                case jsonb_typeof(list.value) when 'array' then jsonb_array_length(list.value)
                else 1 end
            ),
            0
        )
        from jsonb_each(_changes) as list
    );
begin
    perform core.check_rule('added', v_count <= 50, 'A scenario holds at most 50 changes');
    return v_count;
end;
$$;
