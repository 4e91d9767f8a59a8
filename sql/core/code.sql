-- Codes of text messages: made by the server's own generator, kept as a keyed hash.

-- _digits decimal digits that nobody can guess: 63 random bits modulo 10 to the _digits, whose bias
-- is below 1e-10 for 8 digits.
create or replace function core.code_text(_digits integer)
returns text
language sql volatile
as $$
    select lpad(
        (
            (
                ('x' || encode(
                    substring(
                        sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) for 8
                    ), 'hex'
                ))::bit(64)::bigint & 9223372036854775807
            ) % (10 ^ _digits)::bigint
        )::text,
        _digits, '0'
    );
$$;

-- What is kept of a code: HMAC-SHA-256 under the server's key of salt, user, request, number and
-- code, so that it opens nothing but what it was sent for.
create or replace function core.code_hash(
    _server_key bytea, _salt bytea, _user_id bigint, _id bigint, _phone_number text, _code text
)
returns bytea
language sql immutable parallel safe
as $$
    select core.hmac_sha256(
        _server_key,
        _salt || convert_to(
            _user_id || ' ' || _id || ' ' || _phone_number || ' ' || _code, 'UTF8'
        )
    );
$$;

-- Seconds that must pass after the _count-th send of an hour to one number before the next: never
-- below 60, and 30-60-120-300 where that is longer (decision 071).
create or replace function core.code_pause_s(_count integer)
returns integer
language sql immutable parallel safe
as $$
    select case when _count <= 0 then 0 else (array[60, 60, 120, 300])[least(_count, 4)] end;
$$;

-- Seconds until a number may be sent one more code, by the pause alone; 0 now.
create or replace function core.code_wait(_phone_number text)
returns integer
language sql stable parallel safe
as $$
    select coalesce(
        greatest(
            0,
            ceil(
                core.code_pause_s(core.cap_count('send_number_day', _phone_number, '1 hour'))
                - extract(epoch from clock_timestamp() - counter.last_at)
            )
        )::integer,
        0
    )
    from (select) as one
    left join data.verification_counters as counter
        on counter.kind = 'send_number_day' and counter.subject = _phone_number;
$$;
