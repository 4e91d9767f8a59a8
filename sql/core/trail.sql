-- Reading the audit log: a user's own trail, an admin's search, and what retention leaves behind.

-- One row per event of a user, newest first, before _place; the id is its place in their chain.
create or replace function core.trail_own(_user_id bigint, _place bigint, _limit integer)
returns table (
    id bigint,
    created_at timestamptz,
    event_type text,
    ip_address text,
    user_agent text,
    phone_number text,
    event_details jsonb,
    risk_score numeric
)
language sql stable
as $$
    select
        event.place, event.created_at, event.event_type, host(event.ip_address),
        event.user_agent, event.phone_number, event.event_details, event.risk_score
    from data.verification_audit_log as event
    where event.chain = 'user:' || _user_id
      and (_place is null or event.place < _place)
    order by event.place desc
    limit _limit;
$$;

-- The cursor of an event in a search: microseconds since 1970, place and chain.
create or replace function core.trail_cursor(_created_at timestamptz, _place bigint, _chain text)
returns text
language sql stable parallel safe
as $$
    select (extract(epoch from _created_at) * 1000000)::bigint || '.' || _place || '.' || _chain;
$$;

-- True for null and for what core.trail_cursor may have made. Errors: PT422 with cursor.
create or replace function core.trail_check(_cursor text)
returns boolean
language plpgsql immutable parallel safe
as $$
begin
    if _cursor !~ '^[0-9]{1,17}[.][0-9]{1,18}[.](user:[0-9]{1,18}|source:[0-9]{1,3})$' then
        raise exception 'cursor must be the next_cursor of an earlier page'
            using errcode = 'PT422', column = 'cursor';
    end if;
    return true;
end;
$$;

-- One row per event of everybody, newest first, behind _cursor: of a user, from a source (an
-- address, or a /64), of a kind, where those are given. In plpgsql, so that PostgreSQL 16 too plans
-- for what is given, and finds the index of it.
create or replace function core.trail_search(
    _user_id bigint, _client_ip inet, _event_type text, _cursor text, _limit integer
)
returns table (
    cursor text,
    user_id uuid,
    created_at timestamptz,
    event_type text,
    ip_address text,
    user_agent text,
    phone_number text,
    event_details jsonb,
    risk_score numeric
)
language plpgsql stable
as $$
#variable_conflict use_column
begin
    return query
    with events as (
        select event.*
        from data.verification_audit_log as event
        where (_user_id is null or event.chain = 'user:' || _user_id)
          and (_client_ip is null or event.source = core.source_text(_client_ip)::cidr)
          and (_event_type is null or event.event_type = _event_type)
          and (
              _cursor is null
              or (event.created_at, event.place, event.chain) < (
                  timestamptz '1970-01-01 00:00:00+00'
                      + split_part(_cursor, '.', 1)::bigint * interval '1 microsecond',
                  split_part(_cursor, '.', 2)::bigint,
                  split_part(_cursor, '.', 3)
              )
          )
        order by event.created_at desc, event.place desc, event.chain desc
        limit _limit
    )
    select
        core.trail_cursor(event.created_at, event.place, event.chain),
        person.public_id,
        event.created_at,
        event.event_type,
        host(event.ip_address),
        event.user_agent,
        event.phone_number,
        event.event_details,
        event.risk_score
    from events as event
    left join data.users as person on person.id = event.user_id
    order by event.created_at desc, event.place desc, event.chain desc;
end;
$$;
call core.cross_owner(
    'core.trail_search(bigint, inet, text, text, integer)',
    'an admin searches the log, whoever it is about'
);

-- Notes in the heads how far the log goes that leaves: from _from up to, not with, _to; so that the
-- chains begin behind it and nothing is called missing that retention took. Before the log itself
-- is locked: who writes an event has its head first.
create or replace function core.trail_settle(_from timestamptz, _to timestamptz)
returns void
language sql
as $$
    update data.audit_heads as head
    set kept_place = last.place, kept_hash = last.row_hash
    from (
        select distinct on (event.chain) event.chain, event.place, event.row_hash
        from data.verification_audit_log as event
        where event.created_at >= _from
          and event.created_at < _to
        order by event.chain, event.place desc
    ) as last
    where last.chain = head.chain
      and last.place > head.kept_place;
$$;
call core.cross_owner(
    'core.trail_settle(timestamptz, timestamptz)',
    'retention takes a month of the log away, whoever it is about'
);
