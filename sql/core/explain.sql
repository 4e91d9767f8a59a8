-- Why a day of the forecast is what it is: the items that fall on it and their rules in words.

-- A number as a place in a row: 1st, 2nd, 3rd, 4th, 11th, 21st.
create or replace function core.explain_ordinal(_number integer)
returns text
language sql immutable parallel safe
as $$
    select _number || case
        when _number / 10 % 10 = 1 then 'th'
        when _number % 10 = 1 then 'st'
        when _number % 10 = 2 then 'nd'
        when _number % 10 = 3 then 'rd'
        else 'th'
    end;
$$;

-- The days of the month of a rule: 'the 1st and the 15th', 'the last day', 'the second Tuesday';
-- with the month, when a rule comes in one month of the year.
create or replace function core.explain_month_days(_item data.recurring_items)
returns text
language sql stable parallel safe
as $$
    select case
        when _item.nth is not null then concat(
            'the ',
            case _item.nth
                when -1 then 'last'
                else ('{first,second,third,fourth,fifth}'::text[])[_item.nth]
            end,
            ' ',
            core.explain_weekday(_item.weekday),
            ' of ' || core.explain_month(_item)
        )
        else (
            select concat(
                string_agg(
                    case listed.month_day
                        when 32 then 'the last day'
                        else 'the ' || core.explain_ordinal(listed.month_day)
                    end,
                    ' and ' order by listed.month_day
                ),
                ' of ' || core.explain_month(_item),
                case when max(listed.month_day) filter (where listed.month_day < 32) > 28
                    then ', last day of shorter months' end
            )
            from (
                select distinct (day.month_day + 33) % 33 as month_day
                from unnest(coalesce(_item.month_days, case
                    when _item.frequency <> 'semimonthly' then array[_item.anchor_day]
                    when _item.anchor_day <= 15 then array[_item.anchor_day, _item.anchor_day + 15]
                    else array[_item.anchor_day - 15, _item.anchor_day]
                end)) as day (month_day)
            ) as listed
        )
    end;
$$;

-- English name of the month of a rule that comes in one month of the year only, else null.
create or replace function core.explain_month(_item data.recurring_items)
returns text
language sql stable parallel safe
as $$
    select to_char(make_date(2000, _item.anchor_month % 12 + 1, 1), 'FMMonth')
    where _item.step_months % 12 = 0;
$$;

-- English name of an ISO weekday.
create or replace function core.explain_weekday(_weekday integer)
returns text
language sql immutable parallel safe
as $$
    select ('{Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday}'::text[])[_weekday];
$$;

-- A rule in words: 'monthly on the 31st, last day of shorter months; next business day (US)'.
create or replace function core.explain_rule(_item data.recurring_items)
returns text
language sql stable parallel safe
as $$
    select concat(
        case _item.frequency
            when 'once' then 'once on ' || to_char(_item.anchor_on, 'YYYY-MM-DD')
            when 'daily' then case _item.every_n
                when 1 then 'every day' else concat('every ', _item.every_n, ' days')
            end
            when 'semimonthly' then case _item.every_n
                when 1 then 'twice a month' else concat('in every ', _item.every_n, ' months')
            end
            else case
                when _item.step_days = 7 then 'weekly'
                when _item.step_days is not null
                    then concat('every ', _item.step_days / 7, ' weeks')
                when _item.step_months = 1 then 'monthly'
                when _item.step_months = 3 then 'quarterly'
                when _item.step_months = 12 then 'yearly'
                when _item.step_months % 12 = 0
                    then concat('every ', _item.step_months / 12, ' years')
                else concat('every ', _item.step_months, ' months')
            end
        end,
        case
            when _item.frequency in ('weekly', 'biweekly')
                then ' on ' || core.explain_weekday(extract(isodow from _item.first_on)::integer)
            when _item.step_months is not null then ' on ' || core.explain_month_days(_item)
        end,
        case when _item.occurrences is not null then concat(', ', _item.occurrences, ' times') end,
        ', until ' || to_char(_item.ends_on, 'YYYY-MM-DD'),
        case _item.roll
            when 'next' then '; next business day'
            when 'previous' then '; previous business day'
            when 'skip' then '; left out on closed days'
        end,
        case when _item.roll <> 'none' then
            concat(' (', coalesce(nullif(_item.calendar, 'WEEKENDS'), 'weekends'), ')')
        end
    );
$$;

-- What happens on the days from _start on, as a JSON array by day: days with items only, items by
-- key. Items that touch no covered account are left out; net_change is what an item does to the
-- balance. Parameters as core.chart_columns. 10,000 items are about 3 MB of answer.
-- Errors: PT422 explain, when more items than that fall on the days.
create or replace function core.explain_list(
    _user_id bigint,
    _active bigint[],
    _covered bigint[],
    _gone_items bigint[],
    _gone_days date[],
    _extras core.due[],
    _as_of date,
    _due_from date,
    _start date,
    _days integer
)
returns text
language plpgsql stable parallel safe
as $$
begin
    perform core.check_rule(
        'explain',
        count(*) <= 10000,
        'explain lists at most 10000 items: ask for fewer days'
    )
    from (
        select
        from core.plan_rows(
            _user_id, _active, _covered, _gone_items, _gone_days, _extras, _as_of, _due_from,
            _start + _days - 1
        ) as due
        where due.on_day >= _start
        limit 10001
    ) as first_dues;
    return (
        with rules as materialized (
            select
                item.id,
                item.kind,
                item.account_id,
                item.to_account_id,
                to_json(item.name) as name,
                to_json(core.explain_rule(item)) as rule
            from data.recurring_items as item
            where item.user_id = _user_id
              and (item.account_id = any (_covered) or item.to_account_id = any (_covered))
        ),
        days as (
            select
                due.on_day,
                string_agg(
                    concat(
                        '{"recurring_item_id":', due.recurring_item_id,
                        ',"name":', rule.name,
                        ',"kind":"', rule.kind,
                        '","amount":', core.cents_text(due.amount_cents),
                        ',"net_change":', core.cents_text(due.net_cents),
                        ',"account_id":', rule.account_id,
                        ',"to_account_id":', coalesce(rule.to_account_id::text, 'null'),
                        ',"rule":', rule.rule,
                        ',"occurrence_on":', to_json(due.occurrence_on),
                        ',"reason":"', due.reason, '"}'
                    ),
                    ',' order by due.recurring_item_id, due.occurrence_on
                ) as items
            from core.plan_rows(
                _user_id, _active, _covered, _gone_items, _gone_days, _extras, _as_of, _due_from,
                _start + _days - 1
            ) as due
            inner join rules as rule on rule.id = due.recurring_item_id
            where due.on_day >= _start
            group by due.on_day
        )
        select concat('[', string_agg(
            concat('{"date":', to_json(day.on_day), ',"items":[', day.items, ']}'),
            ',' order by day.on_day
        ), ']')
        from days as day
    );
end;
$$;
