-- The audit log: an event and its row are one transaction, and each row is hashed with the one
-- before it, so that what was changed, taken out or cut off afterwards shows.

-- The chain of an event: its user's, or one of 64 by source while nobody is known, so that
-- strangers do not queue behind one another.
create or replace function core.audit_chain(_user_id bigint, _client_ip inet)
returns text
language sql immutable parallel safe
as $$
    select coalesce(
        'user:' || _user_id,
        'source:' || (hashtextextended(coalesce(core.source_text(_client_ip), ''), 0) & 63)
    );
$$;

-- SHA-256 of the hash before and of everything that a row says, written as one JSON list; moments
-- are microseconds since 1970.
create or replace function core.audit_hash(
    _before bytea,
    _chain text,
    _place bigint,
    _created_at timestamptz,
    _ip_address inet,
    _user_agent text,
    _phone_number text,
    _event_type text,
    _event_details jsonb,
    _risk_score numeric
)
returns bytea
language sql stable parallel safe
as $$
    select sha256(
        _before || convert_to(
            jsonb_build_array(
                _chain,
                _place,
                (extract(epoch from _created_at) * 1000000)::bigint,
                _ip_address::text,
                _user_agent,
                _phone_number,
                _event_type,
                _event_details,
                _risk_score::numeric(4, 3)
            )::text,
            'UTF8'
        )
    );
$$;

-- Writes one event in the caller's transaction. _user_id is null while nobody is known; the moment
-- is the clock's, never before the one that the chain had last. An agent is cut to 500 characters.
create or replace function core.audit_add(
    _user_id bigint,
    _event_type text,
    _client_ip inet,
    _user_agent text,
    _phone_number text default null,
    _event_details jsonb default '{}',
    _risk_score numeric default 0
)
returns void
language plpgsql
as $$
declare
    v_chain constant text := core.audit_chain(_user_id, _client_ip);
    v_agent constant text := left(_user_agent, 500);
    v_risk constant numeric(4, 3) := least(1, greatest(0, _risk_score));
    v_head record;
    v_hash bytea;
begin
    -- The head's lock orders the events of one chain until the transaction ends.
    select place + 1 as place, row_hash, greatest(clock_timestamp(), last_at) as at
    into v_head
    from data.audit_heads where chain = v_chain
    for update;
    if not found then
        insert into data.audit_heads (chain) values (v_chain) on conflict do nothing;
        select place + 1 as place, row_hash, greatest(clock_timestamp(), last_at) as at
        into v_head
        from data.audit_heads where chain = v_chain
        for update;
    end if;

    v_hash := core.audit_hash(
        v_head.row_hash, v_chain, v_head.place, v_head.at, _client_ip, v_agent, _phone_number,
        _event_type, _event_details, v_risk
    );
    insert into data.verification_audit_log (
        chain, place, created_at, user_id, ip_address, user_agent, phone_number, event_type,
        event_details, risk_score, row_hash
    )
    values (
        v_chain, v_head.place, v_head.at, _user_id, _client_ip, v_agent, _phone_number,
        _event_type, _event_details, v_risk, v_hash
    );
    update data.audit_heads
    set place = v_head.place, row_hash = v_hash, last_at = v_head.at
    where chain = v_chain;
end;
$$;

-- What is wrong with a chain, or with all of them for null: one row per fault, by chain and
-- place. edited: a row does not fit its hash and the one before; gap: rows between are missing;
-- cut tail: rows behind are missing; beyond the head: rows that no head knows.
create or replace function core.audit_faults(_chain text default null)
returns table (chain text, place bigint, fault text)
language sql stable
as $$
    with links as (
        select
            event.*,
            lag(event.place) over following as place_before,
            lag(event.row_hash) over following as hash_before
        from data.verification_audit_log as event
        where _chain is null or event.chain = _chain
        window following as (partition by event.chain order by event.place)
    ),
    heads as (
        select head.chain, head.place, head.row_hash, head.kept_place, head.kept_hash
        from data.audit_heads as head
        where _chain is null or head.chain = _chain
    ),
    ends as (
        select distinct on (link.chain) link.chain, link.place, link.row_hash
        from links as link
        order by link.chain, link.place desc
    )
    select link.chain, link.place, 'gap'
    from links as link
    left join heads as head on head.chain = link.chain
    where link.place <> coalesce(link.place_before, head.kept_place, 0) + 1
    union all
    select link.chain, link.place, 'edited'
    from links as link
    left join heads as head on head.chain = link.chain
    where link.place = coalesce(link.place_before, head.kept_place, 0) + 1
      and link.row_hash is distinct from core.audit_hash(
          coalesce(link.hash_before, head.kept_hash, decode(repeat('00', 32), 'hex')),
          link.chain, link.place, link.created_at, link.ip_address, link.user_agent,
          link.phone_number, link.event_type, link.event_details, link.risk_score
      )
    union all
    select head.chain, head.place, 'cut tail'
    from heads as head
    left join ends as last on last.chain = head.chain
    where coalesce(last.place, head.kept_place) < head.place
    union all
    select last.chain, last.place, 'beyond the head'
    from ends as last
    left join heads as head on head.chain = last.chain
    where coalesce(head.place, 0) < last.place
    union all
    select head.chain, head.place, 'head does not fit'
    from heads as head
    inner join ends as last on last.chain = head.chain and last.place = head.place
    where last.row_hash <> head.row_hash
    order by 1, 2, 3;
$$;

call core.cross_owner(
    'core.audit_faults(text)', 'an auditor looks at the chains of everybody at once'
);
