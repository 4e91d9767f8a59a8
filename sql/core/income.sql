-- Income sources: what budgets count on before it is booked. One that stands for a recurring item
-- takes amount and days from it; another has a rhythm of its own, counted from next_on.

-- Days of a rhythm of its own between two days: next_on and what is counted from it, never from
-- the day before, so the 31st comes back after a short month. semimonthly: the day and the one 15
-- days on or back in the same month. Shape: one row per day, no order.
create or replace function core.income_days(
    _frequency text, _next_on date, _from date, _to date
)
returns table (on_day date)
language sql immutable parallel safe
as $$
    select _next_on + number * step.days
    from (
        select case _frequency
            when 'once' then 200000
            when 'daily' then 1
            when 'weekly' then 7
            when 'biweekly' then 14
        end as days
    ) as step
    cross join lateral generate_series(
        greatest(0, (_from - _next_on) / step.days), (_to - _next_on) / step.days
    ) as number
    where _next_on + number * step.days between greatest(_next_on, _from) and _to

    union all

    select found.on_day
    from (
        select
            case _frequency
                when 'semimonthly' then 1
                when 'monthly' then 1
                when 'quarterly' then 3
                when 'yearly' then 12
            end as months,
            extract(day from _next_on)::integer as day
    ) as step
    cross join lateral generate_series(
        greatest(0, core.income_months(_next_on, _from) / step.months),
        core.income_months(_next_on, _to) / step.months
    ) as number
    cross join lateral (
        select (date_trunc('month', _next_on::timestamp)
            + make_interval(months => number * step.months))::date as first_on
    ) as month
    cross join lateral (
        select step.day
        union all
        select case when step.day <= 15 then step.day + 15 else step.day - 15 end
        where _frequency = 'semimonthly'
    ) as wanted (day)
    cross join lateral (
        select least(
            month.first_on + wanted.day - 1, (month.first_on + interval '1 month')::date - 1
        ) as on_day
    ) as found
    where found.on_day between greatest(_next_on, _from) and _to;
$$;

-- Months from the one of a day to the one of another.
create or replace function core.income_months(_one date, _other date)
returns integer
language sql immutable parallel safe
as $$
    select (
        (extract(year from _other) - extract(year from _one)) * 12
        + extract(month from _other) - extract(month from _one)
    )::integer;
$$;

-- The user's sources with keys above _after_id, by key, under the names of the wire. Of an item
-- that stands for one: its account, amount and frequency, and when it comes next within a year.
create or replace function core.income_page(
    _user_id bigint, _as_of date, _after_id bigint, _limit integer
)
returns table (
    version integer,
    id bigint,
    name text,
    amount numeric,
    frequency text,
    next_on date,
    account_id bigint,
    recurring_item_id bigint,
    is_active boolean,
    created_at timestamptz,
    updated_at timestamptz
)
language sql stable parallel safe
as $$
    with sources as materialized (
        select
            version, id, name, recurring_item_id, account_id, amount, frequency, next_on,
            is_active, created_at, updated_at
        from data.income_sources
        where user_id = _user_id
          and id > _after_id
        order by id
        limit _limit
    ),
    dues as materialized (
        select occurrence.recurring_item_id, min(occurrence.on_day) as next_on
        from core.occurrence_rows(
            _user_id,
            (
                select array_agg(id) from data.accounts
                where user_id = _user_id
                  and exists (select from sources where recurring_item_id is not null)
            ),
            null, _as_of, _as_of + 366
        ) as occurrence
        group by occurrence.recurring_item_id
    )
    select
        source.version,
        source.id,
        source.name,
        coalesce(source.amount, item.amount),
        coalesce(source.frequency, item.frequency),
        case
            when source.recurring_item_id is null then (
                select min(day.on_day)
                from core.income_days(
                    source.frequency, source.next_on, _as_of,
                    greatest(source.next_on, _as_of) + 366
                ) as day
            )
            else due.next_on
        end,
        coalesce(source.account_id, item.account_id),
        source.recurring_item_id,
        source.is_active,
        source.created_at,
        source.updated_at
    from sources as source
    left join data.recurring_items as item
        on item.user_id = _user_id and item.id = source.recurring_item_id
    left join dues as due on due.recurring_item_id = source.recurring_item_id
    order by source.id;
$$;

-- What api functions say of a source, in the words of api.route.
create or replace function core.income_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "integer",
        "name": "text",
        "amount": "money",
        "frequency": "once|daily|weekly|biweekly|semimonthly|monthly|quarterly|yearly",
        "next_on": "date?",
        "account_id": "integer",
        "recurring_item_id": "integer?",
        "is_active": "boolean",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- The one source as json, or null; next_on from the owner's today.
create or replace function core.income_json(_user_id bigint, _income_source_id bigint)
returns json
language sql stable parallel safe
as $$
    select to_json(source)
    from core.income_page(
        _user_id, core.user_today(_user_id), _income_source_id - 1, 1
    ) as source
    where source.id = _income_source_id;
$$;
