-- Proving a telephone number: what is sent, and what a guess does. Figures: RELIABILITY.md section
-- 5, in data.verification_settings and data.verification_caps.
-- Nothing here is raised once something was counted: an error would take the count back.

-- A figure of data.verification_settings.
create or replace function core.verification_value(_name text)
returns integer
language sql stable parallel safe
as $$
    select value from data.verification_settings where name = _name;
$$;

-- Wrong guesses in a row for a number, of everybody, since a right one came or, where that is
-- later, since _user_id proved who they are.
create or replace function core.verification_streak(_user_id bigint, _phone_number text)
returns bigint
language sql stable parallel safe
as $$
    select coalesce(
        (
            select greatest(
                0,
                streak.failed_total - greatest(streak.proved_total, coalesce(proof.failed_total, 0))
            )
            from data.verification_streaks as streak
            left join data.verification_proofs as proof
                on proof.phone_number = streak.phone_number and proof.user_id = _user_id
            where streak.phone_number = _phone_number
        ),
        0
    );
$$;

-- Adds to the counts of this UTC day, in the row that the user falls into.
create or replace function core.verification_tally(
    _user_id bigint, _sent integer, _refused integer, _failed integer
)
returns void
language sql
as $$
    insert into data.verification_days as known (
        on_day, bucket, sent_count, refused_count, failed_count
    )
    values (
        (clock_timestamp() at time zone 'UTC')::date, abs(_user_id % 16), _sent, _refused, _failed
    )
    on conflict (on_day, bucket) do update set
        sent_count = known.sent_count + excluded.sent_count,
        refused_count = known.refused_count + excluded.refused_count,
        failed_count = known.failed_count + excluded.failed_count;
$$;

-- True when everybody together has guessed wrong too often today.
create or replace function core.verification_stopped()
returns boolean
language sql stable parallel safe
as $$
    select coalesce(sum(failed_count), 0) >= core.verification_value('failed_checks_a_day')
    from data.verification_days
    where on_day = (clock_timestamp() at time zone 'UTC')::date;
$$;

-- One event in the log and, without the number, in the analytics.
create or replace function core.verification_note(
    _user_id bigint,
    _event text,
    _phone_number text,
    _details jsonb,
    _risk numeric,
    _client_ip inet,
    _user_agent text
)
returns void
language plpgsql
as $$
begin
    insert into data.verification_analytics (user_id, event_type, event_data, created_at)
    values (_user_id, _event, _details, clock_timestamp());
    perform core.audit_add(
        _user_id, _event, _client_ip, _user_agent, _phone_number, _details, _risk
    );
end;
$$;

-- Why nothing may be sent or checked now, noted; null when nothing is in the way. The same words
-- for every number, whoever has it.
create or replace function core.verification_refusal(
    _user_id bigint,
    _phone_number text,
    _wait_s integer,
    _risk numeric,
    _is_human boolean,
    _client_ip inet,
    _user_agent text
)
returns json
language plpgsql
as $$
declare
    v_event text;
    v_answer json;
begin
    if _wait_s > 0 then
        v_event := 'rate_limit_exceeded';
        v_answer := core.cap_refusal(
            'too_many_attempts', 'Too many codes or guesses. Wait a while.', _wait_s
        );
    elsif core.verification_stopped() then
        v_event := 'rate_limit_exceeded';
        v_answer := core.cap_refusal(
            'verification_stopped', 'Numbers cannot be verified today. Try tomorrow.',
            86400 - floor(extract(epoch from now()))::bigint % 86400
        );
    elsif core.verification_streak(_user_id, _phone_number)
        >= core.verification_value('failures_in_a_row')
    then
        v_event := 'identity_required';
        v_answer := core.refusal_json(
            403, 'identity_required',
            'Too many wrong codes in a row. Prove who you are with your password.'
        );
    elsif _risk * 1000 >= core.verification_value('captcha_from') and _is_human is not true then
        v_event := 'captcha_required';
        v_answer := core.refusal_json(
            403, 'captcha_required', 'Solve the captcha and send its token as captcha_token.'
        );
    else
        return null;
    end if;
    perform core.verification_tally(_user_id, 0, 1, 0);
    perform core.verification_note(
        _user_id, v_event, _phone_number,
        jsonb_build_object('code', v_answer #>> '{refusal,code}'), _risk, _client_ip, _user_agent
    );
    return v_answer;
end;
$$;

-- What the owner of a proof sees of it.
create or replace function core.verification_json(_user_id bigint, _id bigint)
returns json
language sql stable
as $$
    select json_build_object(
        'id', proof.id,
        'phone_number', proof.phone_number,
        'status', case
            when proof.status = 'pending' and proof.code_expires_at <= clock_timestamp()
                then 'expired'
            else proof.status
        end,
        'is_verified', proof.status = 'verified',
        'attempts_left', case
            when proof.status = 'pending' and proof.code_expires_at > clock_timestamp()
                then greatest(0, core.verification_value('guesses') - proof.attempts)
            else 0
        end,
        'resends_left', case proof.status
            when 'pending'
                then greatest(0, core.verification_value('resends') - proof.resend_count)
            else 0
        end,
        'resend_after_s', core.code_wait(proof.phone_number),
        'code_sent_at', proof.code_sent_at,
        'code_expires_at', proof.code_expires_at,
        'created_at', proof.created_at
    )
    from data.phone_verification as proof
    where proof.user_id = _user_id and proof.id = _id;
$$;

-- What api functions say of a proof, in the words of api.route.
create or replace function core.verification_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "id": "integer",
        "phone_number": "text",
        "status": "pending|verified|failed|expired",
        "is_verified": "boolean",
        "attempts_left": "integer",
        "resends_left": "integer",
        "resend_after_s": "integer",
        "code_sent_at": "timestamp",
        "code_expires_at": "timestamp",
        "created_at": "timestamp"
    }'::jsonb;
$$;
