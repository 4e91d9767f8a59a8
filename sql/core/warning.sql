-- Alerts as their owner sees them, and what the owner does with them.

-- An alert as the wire shows it; text is its one sentence in the owner's language.
create or replace function core.warning_line(_alert data.alerts, _locale text)
returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'id', _alert.id,
        'kind', _alert.kind,
        'scope', _alert.scope,
        'status', _alert.status,
        'text', core.tell_text(_alert, _locale),
        'on_day', _alert.on_day,
        'until_on', _alert.until_on,
        'account_id', _alert.account_id,
        'recurring_item_id', _alert.recurring_item_id,
        'subcategory_id', _alert.subcategory_id,
        'transaction_ids', _alert.transaction_ids,
        'currency', _alert.currency,
        'amount', _alert.amount,
        'shortfall', _alert.shortfall,
        'chance', _alert.chance,
        'facts', _alert.facts - '{told_width,from_on}'::text[],
        'told_count', _alert.told_count,
        'raised_on', _alert.raised_on,
        'sent_at', _alert.sent_at,
        'read_at', _alert.read_at,
        'dismissed_at', _alert.dismissed_at,
        'created_at', _alert.created_at,
        'updated_at', _alert.updated_at
    );
$$;

-- The owner's alerts with keys below _before_id, the newest first, of a status and a kind where
-- they are named. Shape: key and item as the wire shows it.
create or replace function core.warning_page(
    _user_id bigint, _before_id bigint, _status text, _kind text, _limit integer
)
returns table (id bigint, item json)
language sql stable parallel safe
as $$
    select line.id, core.warning_line(line.alert, person.locale)
    from (
        select alert, alert.id
        from data.alerts as alert
        where alert.user_id = _user_id
          and alert.id < _before_id
          and (_status is null or alert.status = _status)
          and (_kind is null or alert.kind = _kind)
        order by alert.id desc
        limit _limit
    ) as line
    inner join data.users as person on person.id = _user_id
    order by line.id desc;
$$;

-- The one alert as json, or null.
create or replace function core.warning_json(_user_id bigint, _alert_id bigint)
returns json
language sql stable parallel safe
as $$
    select core.warning_line(alert, person.locale)
    from data.alerts as alert
    inner join data.users as person on person.id = alert.user_id
    where alert.user_id = _user_id
      and alert.id = _alert_id;
$$;

-- What api functions say of an alert, in the words of api.route.
create or replace function core.warning_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "id": "integer",
        "kind": "low_balance|bill_unfunded|unusual_spending",
        "scope": "dip|bill|booking|day|month",
        "status": "open|dismissed|ended",
        "text": "text",
        "on_day": "date",
        "until_on": "date",
        "account_id": "integer?",
        "recurring_item_id": "integer?",
        "subcategory_id": "integer?",
        "transaction_ids": ["integer"],
        "currency": "text",
        "amount": "money",
        "shortfall": "money",
        "chance": "number?",
        "facts": "object",
        "told_count": "integer",
        "raised_on": "date",
        "sent_at": "timestamp?",
        "read_at": "timestamp?",
        "dismissed_at": "timestamp?",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- Marks an alert as seen, the first time, and returns its key. Errors: PT404 no such alert.
create or replace function core.warning_see(_user_id bigint, _alert_id bigint)
returns bigint
language sql
as $$
    with seen as (
        update data.alerts
        set read_at = coalesce(read_at, now())
        where user_id = _user_id and id = _alert_id
        returning id
    )
    select core.check_found('alert', (select id from seen));
$$;

-- Silences an alert and returns its key: what it is about is not told again, but for a dip that
-- becomes worse. One that is over stays so. Errors: PT404 no such alert.
create or replace function core.warning_dismiss(_user_id bigint, _alert_id bigint)
returns bigint
language sql
as $$
    with dismissed as (
        update data.alerts
        set status = case status when 'ended' then 'ended' else 'dismissed' end,
            is_waiting = false,
            read_at = coalesce(read_at, now()),
            dismissed_at = coalesce(dismissed_at, now()),
            updated_at = now()
        where user_id = _user_id and id = _alert_id
        returning id
    )
    select core.check_found('alert', (select id from dismissed));
$$;
