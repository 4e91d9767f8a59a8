-- Alerts: what an owner was warned of. A job looks after everybody once a day of theirs; what is
-- told, and when, is the matter of low_raise, unpaid_raise, splurge_raise and tell_queue of core.

-- Looks after many users on a day of theirs: raises, renews and ends their alerts and queues what
-- is to be told. Doing it again on the same day changes nothing. Returns how many messages were
-- queued. plpgsql: each step sees what the one before left.
create or replace function core.alert_check(
    _user_ids bigint[], _as_of date, _now timestamptz default now()
)
returns integer
language plpgsql
as $$
begin
    perform core.low_raise(_user_ids, _as_of);
    perform core.unpaid_raise(_user_ids, _as_of);
    perform core.splurge_raise(_user_ids, _as_of);
    delete from data.alerts
    where user_id = any (_user_ids)
      and status = 'ended'
      and until_on < _as_of - 400;
    return core.tell_queue(_user_ids, _now);
end;
$$;

-- One batch of the job: looks after up to _batch active users whose day has not been looked at; a
-- day begins at four in the morning where they live, and all of a batch have the same day. _as_of:
-- this day for everybody. Returns {is_done, count, messages}; not done means call it again, which
-- goes on where this one ended, for what was looked at stands in data.alert_checks. Two callers at
-- once never look after one user: the second waits for the row, and finds it done.
create or replace function core.alert_raise(
    _as_of date default null,
    _due_at timestamptz default null,
    _batch integer default 200
)
returns json
language plpgsql
as $$
declare
    v_day date;
    v_user_ids bigint[];
    v_claimed bigint[];
    v_messages integer := 0;
begin
    with waiting as (
        select person.id, day.on_day
        from data.users as person
        cross join lateral (
            select coalesce(
                _as_of,
                (coalesce(_due_at, now()) at time zone person.timezone - interval '4 hours')::date
            ) as on_day
        ) as day
        left join data.alert_checks as known on known.user_id = person.id
        where person.is_active
          and (known.checked_on < day.on_day or known.checked_on is null)
        order by person.id
        limit _batch
    ),
    days as (
        select min(waiting.on_day) as on_day from waiting
    )
    select days.on_day, array_agg(waiting.id order by waiting.id)
    into v_day, v_user_ids
    from waiting
    inner join days on days.on_day = waiting.on_day
    group by days.on_day;

    with claimed as (
        insert into data.alert_checks as known (user_id, checked_on)
        select id, v_day from unnest(v_user_ids) as id
        on conflict (user_id) do update
        set checked_on = excluded.checked_on, checked_at = now()
        where known.checked_on < excluded.checked_on
        returning known.user_id
    )
    select array_agg(claimed.user_id order by claimed.user_id) into v_claimed from claimed;

    if v_claimed is not null then
        v_messages := core.alert_check(v_claimed, v_day, now());
    end if;
    return json_build_object(
        'is_done', v_user_ids is null,
        'count', coalesce(cardinality(v_claimed), 0),
        'messages', v_messages
    );
end;
$$;
call core.cross_owner(
    'core.alert_raise(date, timestamptz, integer)', 'everybody is looked after, in batches'
);
call core.job(
    'alerts', 'core.alert_raise(date, timestamptz, integer)',
    cron => '10 * * * *',
    timeout_s => 120,
    summary => 'Warn everybody whose day began of low balances, bills without funds, odd spending'
);
