-- Scenarios laid one upon the other: what one leaves is what the next one begins with.

-- A schedule with the changes of one scenario: the items, pauses, dated amounts and first balance
-- that it leaves, made of those that it finds. _changes: added, changed, removed, paused,
-- purchases, goals, balance, as docs/scenarios.md has them. A saved one (_is_saved) passes over
-- what is gone and names it in gone_items and gone_goals. An added item has a number that no stored
-- one can have, after all of them.
-- Errors: PT422, PT404 and PT409 with the place, such as added[0].amount.
create or replace function core.stack_row(
    _user_id bigint,
    _as_of date,
    _to date,
    _covered bigint[],
    _drafts data.recurring_items[],
    _pauses core.pause[],
    _moves core.due[],
    _initial_cents bigint,
    _changes jsonb,
    _is_saved boolean
)
returns table (
    drafts data.recurring_items[],
    pauses core.pause[],
    moves core.due[],
    initial_cents bigint,
    gone_items bigint[],
    gone_goals bigint[]
)
language plpgsql stable parallel safe
as $$
declare
    v_today constant date := core.user_today(_user_id);
    v_change record;
    v_place text := 'added';
    v_key bigint;
    v_at bigint;
    v_state text;
    v_field text;
    v_message text;
begin
    drafts := _drafts;
    pauses := _pauses;
    moves := _moves;
    initial_cents := coalesce(((_changes ->> 'balance')::numeric * 100)::bigint, _initial_cents);
    perform core.layer_count(_changes);
    -- A loop, because each change finds what the one before it left.
    for v_change in
        select list.key as field, item.value, item.place
        from jsonb_each(_changes - 'balance') as list
        cross join lateral jsonb_array_elements(list.value) with ordinality as item (value, place)
        order by
            array_position(
                '{added,changed,removed,paused,purchases,goals}'::text[], list.key
            ),
            item.place
    loop
        v_place := format('%s[%s]', v_change.field, v_change.place - 1);
        perform core.layer_check(_user_id, v_change.field, v_change.value);
        if v_change.field = 'added' then
            drafts := drafts || core.thought_draft(
                _user_id,
                greatest(
                    1000000000000000000,
                    (select max(draft.id) + 1 from unnest(drafts) as draft)
                ),
                v_change.value,
                v_today
            );
            continue;
        elsif v_change.field = 'purchases' then
            moves := moves || array(
                select bought
                from core.layer_purchase(v_change.value, _as_of, _to, _covered) as bought
            );
            continue;
        elsif v_change.value ? 'financial_goal_id' then
            v_key := v_change.value ->> 'financial_goal_id';
            if exists (
                select from data.financial_goals as goal
                where goal.user_id = _user_id and goal.id = v_key
            ) then
                moves := moves || array(
                    select row(null, paid.on_day, paid.on_day, paid.cents, paid.cents, 'goal')
                        ::core.due
                    from core.goal_moves(_user_id, v_key, _as_of, _to) as paid
                );
            else
                perform core.check_known('financial_goal_id', 'goal', _is_saved);
                gone_goals := gone_goals || v_key;
            end if;
            continue;
        elsif v_change.field = 'goals' then
            moves := moves || array(
                select paid
                from core.layer_goal(_user_id, v_change.value, _as_of, _to, _covered) as paid
            );
            continue;
        end if;
        v_key := case v_change.field
            when 'removed' then v_change.value #>> '{}'
            else v_change.value ->> 'recurring_item_id'
        end;
        v_at := (
            select draft.ordinality
            from unnest(drafts) with ordinality as draft
            where draft.id = v_key
        );
        if v_at is null and _is_saved then
            gone_items := gone_items || v_key;
            continue;
        end if;
        perform core.check_known(
            case v_change.field when 'removed' then '' else 'recurring_item_id' end,
            'recurring item',
            v_at is not null
        );
        case v_change.field
            when 'changed' then
                drafts[v_at] := core.thought_edit(
                    _user_id, drafts[v_at], v_change.value - 'recurring_item_id'
                );
            when 'removed' then
                drafts := drafts[:v_at - 1] || drafts[v_at + 1:];
            when 'paused' then
                pauses := pauses || row(
                    v_key,
                    (v_change.value ->> 'from_on')::date,
                    coalesce((v_change.value ->> 'to_on')::date, '2200-12-31')
                )::core.pause;
        end case;
    end loop;
    if (select count(*) > 1000 from unnest(drafts) as draft where draft.is_active) then
        raise exception 'At most 1,000 recurring items are active: put one away or drop it first'
            using errcode = 'PT409', column = 'is_active';
    end if;
    return next;
exception
    when data_exception or check_violation then
        v_field := core.thought_fault(v_change.value - 'recurring_item_id');
        raise exception '% does not fit its type', coalesce(v_field, 'This value')
            using errcode = 'PT422', column = concat_ws('.', v_place, v_field);
    when sqlstate 'PT404' or sqlstate 'PT409' or sqlstate 'PT422' then
        get stacked diagnostics
            v_state = returned_sqlstate, v_field = column_name, v_message = message_text;
        raise exception '%', v_message
            using errcode = v_state, column = concat_ws('.', v_place, nullif(v_field, ''));
end;
$$;

-- The user's items, active and not, by key: what a scenario begins with.
create or replace function core.stack_items(_user_id bigint)
returns data.recurring_items[]
language sql stable parallel safe
as $$
    select array(
        select item from data.recurring_items as item where item.user_id = _user_id order by item.id
    );
$$;

-- What is laid one upon the other: the saved scenarios in the order of their keys in the list, then
-- the changes of the moment when they are not null. Shape: a row each; place orders them.
create or replace function core.stack_stages(
    _user_id bigint, _scenario_ids bigint[], _changes jsonb
)
returns table (place bigint, id bigint, name text, changes jsonb)
language sql stable parallel safe
as $$
    select asked.place, saved.id, saved.name, saved.changes
    from unnest(_scenario_ids) with ordinality as asked (id, place)
    inner join data.scenarios as saved on saved.user_id = _user_id and saved.id = asked.id

    union all

    select cardinality(_scenario_ids) + 1, null, null, _changes
    where _changes is not null;
$$;
