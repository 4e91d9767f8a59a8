-- On which days a rule falls. All of it is arithmetic from the anchor, so nothing drifts: steps of
-- days by multiplication, steps of months by joining the months that touch the window.

-- Days by the rule, from _from to _to: occurrence_on as the rule has it, on_day rolled to
-- business days. An item that rolls is asked 14 days farther on the side that it can roll in
-- from, because none rolls across more closed days in a row. _active: items that touch another
-- account are left out. _covered: see core.occurrence_sign. _is_counted: item.occurrences is
-- kept. _item_id: this item alone. _drafts, _pauses: see core.variant_items, core.variant_rests.
-- Shape: one row per active item and day, no order. amount_cents has the sign of its item, a
-- transfer's is positive. Rows are narrow: what the day does not change is computed once per
-- item.
create or replace function core.rhythm_dates(
    _user_id bigint,
    _active bigint[],
    _covered bigint[],
    _from date,
    _to date,
    _is_counted boolean default true,
    _item_id bigint default null,
    _drafts data.recurring_items[] default null,
    _pauses core.pause[] default null
)
returns table (
    recurring_item_id bigint,
    occurrence_on date,
    on_day date,
    amount_cents bigint,
    net_cents bigint,
    expected_from date
)
language sql stable parallel safe
as $$
    select
        stride.recurring_item_id,
        stride.occurrence_on,
        stride.on_day,
        stride.amount_cents,
        stride.net_cents,
        stride.expected_from
    from core.stride_dates(
        _user_id, _active, _covered, _from, _to, _is_counted, _item_id, _drafts
    ) as stride
    where _pauses is null
       or not core.variant_rests(_pauses, stride.recurring_item_id, stride.occurrence_on)

    union all

    select
        due.id,
        due.occurrence_on,
        due.on_day,
        due.amount_cents,
        due.net_cents,
        due.expected_from
    from (
        select
            found.id,
            found.occurrence_on,
            rolled.on_day,
            found.amount_cents,
            found.net_cents,
            found.expected_from
        from (
            select
                rule.*,
                month.first_on + case
                    when rule.nth is null then least(rule.month_day % 64, month.day_count) - 1
                    when rule.nth > 0 then nullif(
                        least(
                            (rule.weekday + 7 - month.first_weekday) % 7 + 7 * (rule.nth - 1),
                            month.day_count
                        ),
                        month.day_count
                    )
                    else month.day_count - 1
                        - (month.first_weekday + month.day_count + 6 - rule.weekday) % 7
                end as occurrence_on
            from (
                select
                    item.id,
                    item.amount_cents,
                    item.amount_cents * sign.net_sign as net_cents,
                    item.expected_from,
                    nullif(item.roll, 'none') as roll,
                    item.calendar,
                    item.anchor_month,
                    item.step_months,
                    item.weekday,
                    item.nth,
                    greatest(
                        item.anchor_on, _from - case item.roll when 'next' then 14 else 0 end
                    ) as not_before,
                    least(
                        _to + case item.roll when 'previous' then 14 else 0 end,
                        item.ends_on,
                        case
                            when _is_counted and item.occurrences is not null
                                then core.rhythm_last(_user_id, item.id, _to + 14, _drafts)
                        end
                    ) as not_after,
                    -- Days of the month, 32 for the last one; times 64, the listed day before.
                    unnest(
                        case
                            when item.month_days is not null then (
                                select array_agg(coalesce(days.previous, 0) * 64 + days.month_day)
                                from (
                                    select
                                        (listed.month_day + 33) % 33 as month_day,
                                        lag((listed.month_day + 33) % 33)
                                            over (order by (listed.month_day + 33) % 33) as previous
                                    from unnest(item.month_days) as listed (month_day)
                                ) as days
                            )
                            when item.frequency <> 'semimonthly' then array[item.anchor_day]
                            when item.anchor_day <= 15
                                then array[item.anchor_day, item.anchor_day + 15]
                            else array[item.anchor_day - 15, item.anchor_day]
                        end
                    ) as month_day
                from core.variant_items(_user_id, _drafts) as item
                cross join lateral core.occurrence_sign(
                    item.kind, item.account_id, item.to_account_id, _covered
                ) as sign
                where item.is_active
                  and item.step_months is not null
                  and (_item_id is null or item.id = _item_id)
                  and item.account_id = any (_active)
                  and (item.to_account_id is null or item.to_account_id = any (_active))
            ) as rule
            inner join data.months as month
                on month.first_on between _from - 14 - 30 and _to + 14
                and (
                    rule.step_months = 1
                    or (month.month_index - rule.anchor_month) % rule.step_months = 0
                )
                -- Of two days that a short month cuts to its last, the earlier listed one stands.
                and (
                    rule.month_day < 64
                    or rule.month_day / 64 < least(rule.month_day % 64, month.day_count)
                )
            offset 0
        ) as found
        cross join lateral core.occurrence_rolled(
            found.occurrence_on, found.roll, found.calendar
        ) as rolled
        where found.occurrence_on between found.not_before and found.not_after
          and (
              _pauses is null
              or not core.variant_rests(_pauses, found.id, found.occurrence_on)
          )
        offset 0
    ) as due;
$$;

-- Day of the last occurrence that the count of a monthly, semimonthly, quarterly or yearly item
-- allows, counted from the anchor before exceptions; null when it lies after _to.
-- plpgsql keeps the plan, which a function of language sql on 16 would make anew for every item.
create or replace function core.rhythm_last(
    _user_id bigint,
    _recurring_item_id bigint,
    _to date,
    _drafts data.recurring_items[] default null
)
returns date
language plpgsql stable parallel safe
as $$
begin
    return (
        -- Numbered, because offset takes no column of its own query.
        select counted.occurrence_on
        from (
            select
                found.occurrence_on,
                item.occurrences,
                row_number() over (order by found.occurrence_on) as place
            from core.variant_items(_user_id, _drafts) as item
            cross join lateral core.rhythm_dates(
                _user_id,
                array[item.account_id, item.to_account_id],
                null,
                item.anchor_on,
                _to,
                false,
                _recurring_item_id,
                _drafts
            ) as found
            where item.id = _recurring_item_id
        ) as counted
        where counted.place = counted.occurrences
    );
end;
$$;
