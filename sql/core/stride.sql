-- On which days a rule falls that steps in days: once, daily, weekly, biweekly. By multiplication
-- from its first day.

-- The part of core.rhythm_dates that steps in days; parameters and shape are the same.
create or replace function core.stride_dates(
    _user_id bigint,
    _active bigint[],
    _covered bigint[],
    _from date,
    _to date,
    _is_counted boolean,
    _item_id bigint,
    _drafts data.recurring_items[] default null
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
        due.id,
        due.occurrence_on,
        due.on_day,
        due.amount_cents,
        due.net_cents,
        due.expected_from
    from (
        select
            rule.id,
            rule.first_on + rule.step as occurrence_on,
            rolled.on_day,
            rule.amount_cents,
            rule.net_cents,
            rule.expected_from
        from (
            select
                item.id,
                item.amount_cents,
                item.amount_cents * sign.net_sign as net_cents,
                item.expected_from,
                nullif(item.roll, 'none') as roll,
                item.calendar,
                item.first_on,
                -- Days after first_on: from the first step in the window to the last that the
                -- window, ends_on and the count allow. Adding step_days - 1 before dividing
                -- rounds up.
                generate_series(
                    greatest(
                        0,
                        (_from - case item.roll when 'next' then 14 else 0 end - item.first_on
                            + item.step_days - 1) / item.step_days
                    ) * item.step_days,
                    least(
                        _to + case item.roll when 'previous' then 14 else 0 end - item.first_on,
                        item.ends_on - item.first_on,
                        case when _is_counted then item.occurrences - 1 end * item.step_days
                    ),
                    item.step_days
                ) as step
            from core.variant_items(_user_id, _drafts) as item
            cross join lateral core.occurrence_sign(
                item.kind, item.account_id, item.to_account_id, _covered
            ) as sign
            where item.is_active
              and item.step_days is not null
              and (_item_id is null or item.id = _item_id)
              and item.account_id = any (_active)
              and (item.to_account_id is null or item.to_account_id = any (_active))
        ) as rule
        cross join lateral core.occurrence_rolled(
            rule.first_on + rule.step, rule.roll, rule.calendar
        ) as rolled
        offset 0
    ) as due;
$$;
