-- Telling alerts: which words one has, and which of them leave today.

-- The template of an alert; a dip that has become worse has words of its own.
create or replace function core.tell_template(_scope text, _told_count integer)
returns text
language sql immutable parallel safe
as $$
    select concat(
        'alert_', _scope, case when _scope = 'dip' and _told_count > 1 then '_again' end
    );
$$;

-- What the words of an alert want to know, in the language of a locale; amounts without their sign
-- where the words say that it was spent.
create or replace function core.tell_values(_alert data.alerts, _locale text)
returns jsonb
language sql stable parallel safe
as $$
    select jsonb_object_agg(value.name, coalesce(value.text, ''))
    from (
        values
            ('day', core.notice_day(_alert.on_day, _locale)),
            ('until', core.notice_day(_alert.until_on, _locale)),
            ('amount', core.notice_money(
                case _alert.scope when 'dip' then _alert.amount else -_alert.amount end,
                _alert.currency, _locale
            )),
            ('shortfall', core.notice_money(_alert.shortfall, _alert.currency, _locale)),
            ('chance', round(100 * _alert.chance)::text),
            ('name', left(
                coalesce(_alert.facts ->> 'name', _alert.facts ->> 'description'), 60
            )),
            ('account', left(_alert.facts ->> 'account', 60)),
            ('label', left(
                coalesce(
                    _alert.facts ->> 'label',
                    case when _locale ~ '^de' then 'dich' else 'you' end
                ),
                60
            )),
            ('times', case
                when _locale ~ '^de' then translate(_alert.facts ->> 'times', '.', ',')
                else _alert.facts ->> 'times'
            end),
            ('count', _alert.facts ->> 'value_count'),
            ('lowest_day', core.notice_day((_alert.facts ->> 'lowest_on')::date, _locale)),
            ('least', core.notice_money(
                (_alert.facts ->> 'lowest_p10')::numeric, _alert.currency, _locale
            )),
            ('reserve', core.notice_money(
                (_alert.facts ->> 'reserve')::numeric, _alert.currency, _locale
            )),
            ('balance', core.notice_money(
                (_alert.facts ->> 'balance')::numeric, _alert.currency, _locale
            )),
            ('usual', core.notice_money(
                (_alert.facts ->> 'usual')::numeric, _alert.currency, _locale
            )),
            ('edge', core.notice_money(
                (_alert.facts ->> 'edge')::numeric, _alert.currency, _locale
            ))
    ) as value (name, text);
$$;

-- An alert in one sentence, in the language of a locale.
create or replace function core.tell_text(_alert data.alerts, _locale text)
returns text
language sql stable parallel safe
as $$
    select core.template_filled(words.body, core.tell_values(_alert, _locale))
    from core.template_find(
        core.tell_template(_alert.scope, _alert.told_count) || '_sms', _locale
    ) as words;
$$;

-- When something may be sent that is ready now: at once, or when the quiet hours of the place are
-- over. Equal hours: none are quiet.
create or replace function core.tell_time(
    _now timestamptz, _timezone text, _quiet_from integer, _quiet_to integer
)
returns timestamptz
language sql stable parallel safe
as $$
    select case
        when _quiet_from = _quiet_to then _now
        when (here.hour - _quiet_from + 24) % 24 < (_quiet_to - _quiet_from + 24) % 24 then (
            here.day + make_interval(hours => _quiet_to)
                + case when here.hour >= _quiet_to then interval '1 day' else interval '0' end
        ) at time zone _timezone
        else _now
    end
    from (
        select
            extract(hour from _now at time zone _timezone)::integer as hour,
            date_trunc('day', _now at time zone _timezone) as day
    ) as here;
$$;

-- Queues what waits to be told, of many users, and returns how many messages that are: the most
-- urgent first (what is due soonest; unusual spending, which is past, last), as many as a day of
-- the owner bears; the rest waits for the next look, as long as it holds. An owner with no
-- confirmed place to send to, or who wants none, finds alerts in the list alone.
create or replace function core.tell_queue(_user_ids bigint[], _now timestamptz default now())
returns integer
language plpgsql
as $$
declare
    v_sent jsonb[];
begin
    with owners as materialized (
        select
            own.user_id,
            person.locale,
            case when own.has_mail and address.verified_at is not null then address.email end
                as mail_to,
            case when own.has_sms and person.phone_verified_at is not null
                then person.phone_number end as sms_to,
            core.tell_time(_now, person.timezone, own.quiet_from, own.quiet_to) as send_at,
            own.most_a_day,
            own.most_a_day - (
                select count(*) from data.alerts as sent
                where sent.user_id = own.user_id
                  and sent.sent_at >= date_trunc('day', _now at time zone person.timezone)
                      at time zone person.timezone
            ) as room
        from core.threshold_rows(_user_ids) as own
        inner join data.users as person on person.id = own.user_id
        left join data.user_emails as address on address.user_id = own.user_id
    ),
    waiting as materialized (
        select
            alert,
            owner.*,
            row_number() over (
                partition by alert.user_id
                order by alert.kind = 'unusual_spending', alert.on_day, alert.id
            ) as place
        from data.alerts as alert
        inner join owners as owner on owner.user_id = alert.user_id
        where alert.user_id = any (_user_ids)
          and alert.status = 'open'
          and alert.is_waiting
          -- Of the bills of one account, one at a time: the first one empties it for all others.
          and not exists (
              select from data.alerts as sooner
              where sooner.user_id = alert.user_id
                and sooner.kind = 'bill_unfunded'
                and alert.kind = 'bill_unfunded'
                and sooner.status = 'open'
                and sooner.account_id = alert.account_id
                and (sooner.on_day, sooner.id) < (alert.on_day, alert.id)
          )
    )
    select array_agg(
        jsonb_build_object(
            'user_id', waiting.user_id,
            'id', (waiting.alert).id,
            'send_at', case when form.recipient is not null then waiting.send_at end,
            'message_id', case
                when form.recipient is not null then core.message_add(
                    waiting.user_id, form.channel, form.recipient,
                    core.tell_template((waiting.alert).scope, (waiting.alert).told_count)
                        || form.ending,
                    core.tell_values(waiting.alert, waiting.locale)
                )
            end
        )
    )
    into v_sent
    from waiting
    left join lateral (
        values ('mail', waiting.mail_to, ''), ('sms', waiting.sms_to, '_sms')
    ) as form (channel, recipient, ending)
        on form.recipient is not null and waiting.most_a_day > 0
    where form.recipient is null
       or waiting.place <= waiting.room;

    -- Statements of their own: the one above does not see the messages that it made.
    update data.messages as message
    set next_try_at = sent.send_at,
        stale_at = message.stale_at + (sent.send_at - _now)
    from unnest(v_sent) as line
    cross join lateral jsonb_to_record(line) as sent (
        user_id bigint, message_id bigint, send_at timestamptz
    )
    where message.user_id = sent.user_id
      and message.id = sent.message_id
      and sent.send_at > _now;
    update data.alerts as alert
    set is_waiting = false, sent_at = coalesce(sent.send_at, alert.sent_at)
    from unnest(v_sent) as line
    cross join lateral jsonb_to_record(line) as sent (
        user_id bigint, id bigint, send_at timestamptz
    )
    where alert.user_id = sent.user_id
      and alert.id = sent.id;
    return (select count(*) from unnest(v_sent) as line where line ->> 'message_id' is not null);
end;
$$;
