-- Messages to people: queued in the transaction of the event that they tell of, sent later by the
-- courier. Attempts and pauses: docs/messages.md.

-- Attempts of one message, the first one included: over an hour, then it is given up.
create or replace function core.message_tries()
returns integer
language sql immutable parallel safe
as $$
    select 12;
$$;

-- The pause after attempt number _attempt: 5 s, doubled each time, at most 15 minutes.
create or replace function core.message_pause(_attempt integer)
returns interval
language sql immutable parallel safe
as $$
    select least(interval '5 seconds' * 2 ^ least(_attempt - 1, 10), interval '15 minutes');
$$;

-- Queues a message in the language of its user and returns its key. It belongs to the transaction
-- that tells it: no event, no message. What the templates want of _values is in docs/messages.md;
-- {page}, where people log in, stays for the courier: only the service knows its own address.
-- Errors: PT500 no such template on this channel, or a value is missing; 23514 a recipient that is
-- not one word.
create or replace function core.message_add(
    _user_id bigint, _channel text, _recipient text, _template text, _values jsonb default '{}'
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    insert into data.messages (
        user_id, channel, recipient, template, locale, subject, body, has_secret, stale_at
    )
    select
        _user_id,
        words.channel,
        _recipient,
        words.template,
        words.locale,
        core.template_filled(words.subject, _values),
        core.template_filled(words.body, _values || '{"page": "{page}"}'),
        words.has_secret,
        now() + words.useful_for
    from core.template_find(
        _template, coalesce((select locale from data.users where id = _user_id), 'en')
    ) as words
    where words.channel = _channel
    returning id into v_id;
    if v_id is null then
        raise exception 'no template % for channel %', _template, _channel
            using errcode = 'PT500';
    end if;
    return v_id;
end;
$$;

-- Forgets every message of a user, sent or not; returns how many. For the end of an account: what
-- is added after it still leaves.
create or replace function core.message_forget(_user_id bigint)
returns integer
language sql
as $$
    with forgotten as (
        delete from data.messages where user_id = _user_id returning id
    )
    select count(*)::integer from forgotten;
$$;

-- Claims at most _limit messages that are due, oldest first: nobody else has one before its lease
-- ends. Every claim is an attempt, so a message that kills its senders is given up like any other;
-- what is of no use any more is given up unsent.
create or replace function core.message_claim(_limit integer)
returns table (
    user_id bigint,
    id bigint,
    attempt integer,
    delivery_id uuid,
    channel text,
    recipient text,
    template text,
    subject text,
    body text
)
language sql
as $$
    with due as materialized (
        select
            message.user_id,
            message.id,
            case
                when message.stale_at <= now() then 'expired'
                when message.attempts >= core.message_tries() then 'gave_up'
            end as end_code
        from data.messages as message
        where message.status in ('queued', 'sending')
          and message.next_try_at <= now()
        order by message.next_try_at
        limit _limit
        for update skip locked
    ),
    claimed as (
        update data.messages as message
        set status = case when due.end_code is null then 'sending' else 'failed' end,
            attempts = message.attempts + (due.end_code is null)::integer,
            next_try_at = now() + interval '60 seconds',  -- the lease: docs/messages.md
            error_code = coalesce(due.end_code, message.error_code),
            body = case when due.end_code is null or not message.has_secret then message.body end
        from due
        where message.user_id = due.user_id
          and message.id = due.id
        returning
            message.user_id, message.id, message.attempts, message.delivery_id, message.channel,
            message.recipient, message.template, message.subject, message.body, message.status
    )
    select
        user_id, id, attempts, delivery_id, channel, recipient, template, subject, body
    from claimed
    where status = 'sending';
$$;
call core.cross_owner('core.message_claim(integer)', 'the courier sends for everybody');

-- Deletes at most _limit messages that were finished 30 days ago, or whose user is gone since;
-- returns how many. None waits for more than a day, so of the gone only two days are looked at.
create or replace function core.message_prune(_limit integer)
returns integer
language sql
as $$
    with old as materialized (
        select message.user_id, message.id
        from data.messages as message
        where message.status in ('sent', 'failed')
          and (
              message.created_at < now() - interval '30 days'
              or message.created_at > now() - interval '2 days'
              and not exists (select from data.users as person where person.id = message.user_id)
          )
        limit _limit
        for update skip locked
    ),
    pruned as (
        delete from data.messages as message
        using old
        where message.user_id = old.user_id
          and message.id = old.id
        returning message.id
    )
    select count(*)::integer from pruned;
$$;
call core.cross_owner('core.message_prune(integer)', 'what was told is not kept, whoever it was');

-- What became of attempt number _attempt: the status now, or null when the message was claimed
-- again since and this attempt has no say any more. _outcome is sent, failed (refused for good) or
-- away (worth another try). With the last attempt a secret is wiped, unless _is_kept, and so is the
-- whole message of a user who is gone.
create or replace function core.message_settle(
    _user_id bigint,
    _id bigint,
    _attempt integer,
    _outcome text,
    _error_code text,
    _is_kept boolean
)
returns text
language plpgsql
as $$
declare
    v_status text;
begin
    update data.messages as message
    set status = case
            when _outcome in ('sent', 'failed') then _outcome
            when _attempt >= core.message_tries() then 'failed'
            when now() + core.message_pause(_attempt) > stale_at then 'failed'
            else 'queued'
        end,
        next_try_at = now() + core.message_pause(_attempt),
        sent_at = case when _outcome = 'sent' then now() end,
        error_code = case when _outcome <> 'sent' then _error_code end
    where user_id = _user_id
      and id = _id
      and status = 'sending'
      and attempts = _attempt
    returning status into v_status;

    if v_status in ('sent', 'failed') and not _is_kept then
        update data.messages
        set body = null
        where user_id = _user_id and id = _id and has_secret;
        delete from data.messages
        where user_id = _user_id
          and id = _id
          and not exists (select from data.users where data.users.id = _user_id);
    end if;
    return v_status;
end;
$$;
