-- Refusals that leave a trace: an error takes all that was written back, so a function that has to
-- keep what it counted answers the refusal instead.

-- An answer that the service turns into a problem of this status, code and sentence; _retry_after
-- is a pause in seconds, null for none.
create or replace function core.refusal_json(
    _status integer, _code text, _detail text, _retry_after integer default null
)
returns json
language sql immutable parallel safe
as $$
    select json_build_object(
        'refusal', json_strip_nulls(
            json_build_object(
                'status', _status, 'code', _code, 'detail', _detail, 'retry_after', _retry_after
            )
        )
    );
$$;
