-- Items that are thought of: a schedule that stands on other items than the stored ones, and the
-- pauses in it. Every function of the plan takes both, so a thought and a fact are one arithmetic.

-- The functions below were without _drafts and _pauses before; beside those forms they would be
-- overloaded.
drop function if exists core.rhythm_dates(
    bigint, bigint[], bigint[], date, date, boolean, bigint
);
drop function if exists core.rhythm_last(bigint, bigint, date);
drop function if exists core.stride_dates(
    bigint, bigint[], bigint[], date, date, boolean, bigint
);
drop function if exists core.occurrence_exceptions(bigint, bigint[], bigint[], date, date);
drop function if exists core.occurrence_rows(bigint, bigint[], bigint[], date, date);
drop function if exists core.posted_pairs(bigint, bigint[], date);
drop function if exists core.change_row(
    bigint, bigint[], bigint[], date, date, date, boolean, boolean
);
drop function if exists core.plan_rows(
    bigint, bigint[], bigint[], bigint[], date[], core.due[], date, date, date
);
drop function if exists core.step_rows(
    bigint, bigint[], bigint[], bigint[], date[], core.due[], date, date, bigint, date, integer,
    bigint, date[]
);
drop function if exists core.ground_row(bigint, date, date, bigint);

-- The user's items, or _drafts in place of all of them: items that are thought of, not stored.
-- Inlined; where _drafts is null, which is known when the plan is made, nothing of them is in the
-- plan. A union invites parallel workers, which cost more than all items of a user are worth: a
-- condition that only the leader may judge keeps them away, once per plan.
create or replace function core.variant_items(_user_id bigint, _drafts data.recurring_items[])
returns setof data.recurring_items
language sql stable parallel safe
as $$
    select item.*
    from data.recurring_items as item
    where item.user_id = _user_id
      and _drafts is null
      and pg_backend_pid() is not null

    union all

    select draft.*
    from unnest(_drafts) as draft
    where _drafts is not null;
$$;

-- True when the item rests on that day: what falls into a pause does not happen, but is counted.
create or replace function core.variant_rests(
    _pauses core.pause[], _recurring_item_id bigint, _occurrence_on date
)
returns boolean
language sql immutable parallel safe
as $$
    select exists (
        select
        from unnest(_pauses) as pause
        where pause.recurring_item_id = _recurring_item_id
          and _occurrence_on between pause.from_on and pause.to_on
    );
$$;

-- An item with what data.recurring_items computes when it is written: cents, step, anchor, first
-- day. The formulas are those of its generated columns; tests/laws/test_scenarios.py compares.
create or replace function core.variant_filled(_item data.recurring_items)
returns data.recurring_items
language plpgsql immutable parallel safe
as $$
begin
    _item.amount_cents := (_item.amount * 100)::bigint;
    _item.anchor_day := extract(day from _item.anchor_on)::integer;
    _item.anchor_month := extract(year from _item.anchor_on)::integer * 12
        + extract(month from _item.anchor_on)::integer - 1;
    _item.step_days := case _item.frequency
        when 'once' then 200000
        when 'daily' then _item.every_n
        when 'weekly' then _item.every_n * 7
        when 'biweekly' then _item.every_n * 14
    end;
    _item.step_months := case _item.frequency
        when 'semimonthly' then _item.every_n
        when 'monthly' then _item.every_n
        when 'quarterly' then _item.every_n * 3
        when 'yearly' then _item.every_n * 12
    end;
    _item.first_on := _item.anchor_on + case
        when _item.frequency in ('weekly', 'biweekly') and _item.weekday is not null
            then (_item.weekday + 7 - extract(isodow from _item.anchor_on)::integer) % 7
        else 0
    end;
    return _item;
end;
$$;
