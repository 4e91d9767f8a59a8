-- Safety in figures: what a user may know of their own, and how codes were asked for, number by
-- number.

-- Events of one kind of a user since a moment.
create or replace function core.security_events(
    _user_id bigint, _event_type text, _since timestamptz
)
returns bigint
language sql stable parallel safe
as $$
    select count(*)
    from data.verification_analytics
    where user_id = _user_id
      and event_type = _event_type
      and created_at >= _since;
$$;

-- What a user may know of their own safety; zeros when nothing is in the log.
create or replace function core.security_json(_user_id bigint, _as_of timestamptz default now())
returns json
language sql stable
as $$
    select json_build_object(
        'total_verified', coalesce(summary.total_verified, 0),
        'total_failed', coalesce(summary.total_failed, 0),
        'unique_ips', coalesce(summary.unique_ips, 0),
        'unique_phones', coalesce(summary.unique_phones, 0),
        'last_verification', summary.last_verification,
        'avg_risk_score', coalesce(summary.avg_risk_score, 0.000),
        'last_30_days', json_build_object(
            'codes', core.security_events(_user_id, 'send_code', _as_of - interval '30 days')
                + core.security_events(_user_id, 'resend_code', _as_of - interval '30 days'),
            'wrong_guesses', core.security_events(
                _user_id, 'verify_failed', _as_of - interval '30 days'
            ),
            'refusals', core.security_events(
                _user_id, 'rate_limit_exceeded', _as_of - interval '30 days'
            )
        )
    )
    from (select) as one
    -- By the chain, which the log's primary key begins with.
    left join data.user_security_summary as summary
        on summary.user_id = _user_id
        and summary.chain = core.audit_chain(_user_id, null);
$$;

-- How codes were asked for since a day, one row per number, by number: proofs begun, the most and
-- the mean resends of one, guesses at the present codes, proofs that succeeded. _after is the
-- number before the first, _number the only one that is asked for. In plpgsql, so that PostgreSQL
-- 16 too plans for what is given.
create or replace function core.security_resends(
    _since date, _number text, _after text, _limit integer
)
returns table (
    phone_number text,
    requests bigint,
    max_resend_count integer,
    avg_resend_count numeric,
    attempts bigint,
    verified_count bigint,
    last_sent_at timestamptz
)
language plpgsql stable
as $$
#variable_conflict use_column
begin
    return query
    select
        proof.phone_number,
        count(*),
        max(proof.resend_count),
        round(avg(proof.resend_count), 2),
        sum(proof.attempts),
        count(*) filter (where proof.status = 'verified'),
        max(proof.code_sent_at)
    from data.phone_verification as proof
    where proof.created_at >= _since::timestamp at time zone 'UTC'
      and (_number is null or proof.phone_number = _number)
      and (_after is null or proof.phone_number > _after)
    group by proof.phone_number
    order by proof.phone_number
    limit _limit;
end;
$$;
call core.cross_owner(
    'core.security_resends(date, text, text, integer)',
    'an admin looks at how numbers are asked for codes, whoever asks'
);

-- Sources that look suspicious, the busiest first.
create or replace function core.security_suspects(_limit integer)
returns table (
    ip text,
    total_events bigint,
    failed_attempts bigint,
    rate_limit_violations bigint,
    avg_risk_score numeric,
    last_activity timestamptz
)
language sql stable
as $$
    select
        case when masklen(suspect.ip) = 32 then host(suspect.ip) else suspect.ip::text end,
        suspect.total_events,
        suspect.failed_attempts,
        suspect.rate_limit_violations,
        suspect.avg_risk_score,
        suspect.last_activity
    from data.suspicious_ips as suspect
    order by suspect.total_events desc, suspect.ip
    limit _limit;
$$;
call core.cross_owner(
    'core.security_suspects(integer)', 'an admin looks at sources, whoever they tried to be'
);
