-- A guess at a code. It is counted by one statement before it is compared: of any number at once,
-- five are.

-- Counts one more wrong guess of everybody for a number; the streak ends with a right one.
create or replace function core.guess_streak(_phone_number text, _is_right boolean)
returns void
language sql
as $$
    insert into data.verification_streaks as known (phone_number, failed_total)
    values (_phone_number, case when _is_right then 0 else 1 end)
    on conflict (phone_number) do update set
        failed_total = known.failed_total + excluded.failed_total,
        proved_total = case when _is_right then known.failed_total else known.proved_total end;
$$;

-- What becomes of a proof that was guessed at: true when the guess was right, false when it was
-- wrong, null when there was nothing to compare with: over, out of time or out of guesses.
-- The update is the count and the lock: who comes at the same moment waits and sees the count.
create or replace function core.guess_settle(
    _user_id bigint, _id bigint, _code text, _server_key bytea
)
returns boolean
language plpgsql
as $$
declare
    v_now constant timestamptz := clock_timestamp();
    v_proof record;
    v_is_right boolean;
begin
    perform core.user_hold(_user_id); -- before a row of theirs: a deletion comes from that side
    update data.phone_verification
    set attempts = attempts + 1, last_attempt_at = v_now, updated_at = v_now
    where user_id = _user_id
      and id = _id
      and status = 'pending'
      and code_expires_at > clock_timestamp()
      and attempts < core.verification_value('guesses')
    returning phone_number, salt, verification_code_hash, attempts into v_proof;
    if not found then
        return null;
    end if;
    -- Both sides are keyed hashes: how long they agree tells nothing about the code.
    v_is_right := v_proof.verification_code_hash = core.code_hash(
        _server_key, v_proof.salt, _user_id, _id, v_proof.phone_number, _code
    );
    if v_is_right then
        update data.phone_verification
        set status = 'verified'
        where user_id = _user_id and id = _id;
        update data.users
        set phone_number = v_proof.phone_number, phone_verified_at = v_now, updated_at = v_now
        where id = _user_id;
    elsif v_proof.attempts >= core.verification_value('guesses') then
        update data.phone_verification
        set status = 'failed'
        where user_id = _user_id and id = _id;
    end if;
    return v_is_right;
end;
$$;

-- What a wrong guess is told.
create or replace function core.guess_refusal(_user_id bigint, _id bigint)
returns json
language sql stable
as $$
    select json_build_object(
        'refusal', json_build_object(
            'status', 422,
            'code', 'wrong_code',
            'field', 'code',
            'detail', format(
                'The code is wrong; guesses left: %s',
                core.verification_value('guesses') - proof.attempts
            )
        )
    )
    from data.phone_verification as proof
    where proof.user_id = _user_id and proof.id = _id;
$$;

-- Evaluates a guess and notes it; what the owner sees of the proof when the guess was right, else a
-- refusal. Errors: PT404 no such proof.
create or replace function core.guess_answer(
    _user_id bigint,
    _id bigint,
    _code text,
    _server_key bytea,
    _client_ip inet,
    _user_agent text
)
returns json
language plpgsql
as $$
declare
    v_source constant text := coalesce(core.source_text(_client_ip), '');
    v_number constant text := core.check_found(
        'verification',
        (select phone_number from data.phone_verification where user_id = _user_id and id = _id)
    );
    v_risk constant numeric := core.risk_score(_client_ip, v_number);
    v_refusal json;
    v_is_right boolean;
begin
    -- Asked before it is taken: a flood that is refused does not hold the proof of others.
    v_refusal := core.verification_refusal(
        _user_id, v_number, core.cap_take('check_source', v_source), v_risk, true, _client_ip,
        _user_agent
    );
    if v_refusal is not null then
        return v_refusal;
    end if;
    v_is_right := core.guess_settle(_user_id, _id, _code, _server_key);
    if v_is_right is not null then
        perform core.guess_streak(v_number, v_is_right);
    end if;
    if v_is_right is false then
        perform core.cap_take('failed_source', v_source);
        perform core.cap_take('failed_number', v_number);
        perform core.verification_tally(_user_id, 0, 0, 1);
    end if;
    perform core.verification_note(
        _user_id,
        case
            when v_is_right then 'verify_success'
            when v_is_right is null then 'verify_void'
            else 'verify_failed'
        end,
        v_number, jsonb_build_object('verification_id', _id), v_risk, _client_ip, _user_agent
    );
    if v_is_right then
        return core.verification_json(_user_id, _id);
    elsif v_is_right is null then
        return core.refusal_json(
            409, 'not_pending', 'This code was used, is too old or was guessed at too often'
        );
    end if;
    return core.guess_refusal(_user_id, _id);
end;
$$;

-- Begins a user's streak for a number anew, once a password proved who they are; or refuses and
-- notes that. The wrong guesses of others stay counted for themselves.
create or replace function core.guess_prove(
    _user_id bigint, _phone_number text, _password_ok boolean, _client_ip inet, _user_agent text
)
returns json
language plpgsql
as $$
begin
    if _password_ok is not true then
        return core.password_wrong(_user_id, _client_ip, _user_agent, 'phone_number');
    end if;
    perform core.password_right(core.password_who(_user_id), _client_ip);
    insert into data.verification_proofs (user_id, phone_number, failed_total)
    select
        _user_id,
        _phone_number,
        coalesce(
            (
                select failed_total from data.verification_streaks
                where phone_number = _phone_number
            ),
            0
        )
    on conflict (user_id, phone_number) do update set failed_total = excluded.failed_total;
    perform core.verification_note(
        _user_id, 'identity_proved', _phone_number, '{}', 0, _client_ip, _user_agent
    );
    return json_build_object('phone_number', _phone_number, 'is_proved', true);
end;
$$;
