-- Sending a code: counted against every cap before it leaves, and with it the end of the code
-- before.

-- Seconds until one more code may go to a number from this source and user; 0 now. Counts nothing.
create or replace function core.send_wait(_user_id bigint, _phone_number text, _source text)
returns integer
language sql stable
as $$
    select greatest(
        core.code_wait(_phone_number),
        core.cap_wait('send_number_hour', _phone_number),
        core.cap_wait('send_number_day', _phone_number),
        core.cap_wait('send_prefix', core.phone_prefix(_phone_number)),
        core.cap_wait('send_source', _source),
        core.cap_wait('send_user', _user_id::text)
    );
$$;

-- Counts one send against every cap and returns 0; or the seconds to wait, when others took the
-- last of one meanwhile. Always in this order: two sends never wait for each other in a circle.
create or replace function core.send_take(_user_id bigint, _phone_number text, _source text)
returns integer
language plpgsql
as $$
declare
    v_wait_s integer := core.cap_take('send_number_hour', _phone_number);
begin
    if v_wait_s = 0 then
        v_wait_s := core.cap_take('send_number_day', _phone_number);
    end if;
    if v_wait_s = 0 then
        v_wait_s := core.cap_take('send_prefix', core.phone_prefix(_phone_number));
    end if;
    if v_wait_s = 0 then
        v_wait_s := core.cap_take('send_source', _source);
    end if;
    if v_wait_s = 0 then
        v_wait_s := core.cap_take('send_user', _user_id::text);
    end if;
    return v_wait_s;
end;
$$;

-- Makes a code, keeps its hash in a new proof or in proof _id, and hands it to the courier; the key
-- of the proof. What was pending for the number ends with it: only the newest code is one.
create or replace function core.send_code(
    _user_id bigint,
    _id bigint,
    _phone_number text,
    _captcha_ok boolean,
    _risk numeric,
    _server_key bytea,
    _client_ip inet,
    _user_agent text
)
returns bigint
language plpgsql
as $$
declare
    v_now constant timestamptz := clock_timestamp();
    v_id constant bigint := coalesce(
        _id, nextval(pg_get_serial_sequence('data.phone_verification', 'id'))
    );
    v_code constant text := core.code_text(core.verification_value('code_digits'));
    v_salt constant bytea := uuid_send(gen_random_uuid());
    v_hash constant bytea := core.code_hash(
        _server_key, v_salt, _user_id, v_id, _phone_number, v_code
    );
    v_ends_at constant timestamptz :=
        v_now + core.verification_value('life_s') * interval '1 second';
begin
    update data.phone_verification
    set status = 'expired', updated_at = v_now
    where user_id = _user_id
      and phone_number = _phone_number
      and status = 'pending'
      and id <> v_id;
    insert into data.phone_verification as proof (
        user_id, id, phone_number, verification_code_hash, salt, code_sent_at, code_expires_at,
        ip_address, user_agent, captcha_verified, risk_score
    )
    values (
        _user_id, v_id, _phone_number, v_hash, v_salt, v_now, v_ends_at, _client_ip,
        left(_user_agent, 500), coalesce(_captcha_ok, false), _risk
    )
    on conflict (user_id, id) do update
    set verification_code_hash = excluded.verification_code_hash,
        salt = excluded.salt,
        code_sent_at = excluded.code_sent_at,
        code_expires_at = excluded.code_expires_at,
        attempts = 0,
        resend_count = proof.resend_count + 1,
        ip_address = excluded.ip_address,
        user_agent = excluded.user_agent,
        captcha_verified = excluded.captcha_verified,
        risk_score = excluded.risk_score,
        updated_at = v_now;
    perform core.message_add(
        _user_id, 'sms', _phone_number, 'verification_code', jsonb_build_object('code', v_code)
    );
    return v_id;
end;
$$;

-- Sends a code to a number, in a new proof or, with _id, again in this one; what the owner sees of
-- it, or a refusal that was noted. Errors: PT404 no such proof, PT409 it is not pending any more or
-- has no resend left; both before anything was counted.
create or replace function core.send_answer(
    _user_id bigint,
    _id bigint,
    _number text,
    _captcha_ok boolean,
    _server_key bytea,
    _client_ip inet,
    _user_agent text
)
returns json
language plpgsql
as $$
declare
    v_source constant text := coalesce(core.source_text(_client_ip), '');
    v_number text := _number;
    v_proof record;
    v_risk numeric;
    v_refusal json;
    v_id bigint;
begin
    perform core.user_hold(_user_id); -- before a row of theirs: a deletion comes from that side
    if _id is not null then
        v_number := core.check_found(
            'verification',
            (select phone_number from data.phone_verification where user_id = _user_id and id = _id)
        );
    end if;
    -- One send to a number at a time, before any row of it: its pause is looked at and begun in one
    -- go, and a send never waits for who waits for it.
    perform pg_advisory_xact_lock(hashtextextended(v_number, 7));
    if _id is not null then
        select status, resend_count into v_proof
        from data.phone_verification where user_id = _user_id and id = _id
        for update;
        if v_proof.status is distinct from 'pending' then
            raise exception 'This verification is over: ask for a new one'
                using errcode = 'PT409', hint = 'not_pending';
        end if;
        if v_proof.resend_count >= core.verification_value('resends') then
            raise exception 'No resend is left: ask for a new verification'
                using errcode = 'PT409', hint = 'no_resend_left';
        end if;
    end if;
    v_risk := core.risk_score(_client_ip, v_number);
    v_refusal := core.verification_refusal(
        _user_id, v_number, core.send_wait(_user_id, v_number, v_source), v_risk, _captcha_ok,
        _client_ip, _user_agent
    );
    if v_refusal is null then
        v_refusal := core.verification_refusal(
            _user_id, v_number, core.send_take(_user_id, v_number, v_source), v_risk, true,
            _client_ip, _user_agent
        );
    end if;
    if v_refusal is not null then
        return v_refusal;
    end if;
    v_id := core.send_code(
        _user_id, _id, v_number, _captcha_ok, v_risk, _server_key, _client_ip, _user_agent
    );
    perform core.verification_tally(_user_id, 1, 0, 0);
    perform core.verification_note(
        _user_id, case when _id is null then 'send_code' else 'resend_code' end, v_number,
        jsonb_build_object('verification_id', v_id), v_risk, _client_ip, _user_agent
    );
    return core.verification_json(_user_id, v_id);
end;
$$;
