-- Writes that carry an Idempotency-Key. Not a route: the service sends every keyed POST through
-- here, so it is granted by hand instead of by api.route.

-- Does what a routed POST does, once for a key: the second request gets the answer of the first.
-- Shape: one row; answer as the function gave it (a replay has null in its secret fields), the
-- status of the route then, and whether it is a replay. _names are parameters of _function, with
-- their underscore, _values their texts; the owner is _user_id and not among them. _request_hash
-- tells requests apart. Lock, look, write and note are one transaction: a refusal leaves nothing.
-- Errors: PT409 still_running, or answer_not_kept for an answer that was too long; PT422
-- idempotency_mismatch; PT404 no such POST; and those of _function.
create or replace function api.request_once(
    _user_id bigint,
    _key text,
    _request_hash bytea,
    _function text,
    _names text[],
    _values text[]
)
returns table (answer json, status integer, is_replayed boolean)
language plpgsql security definer
set search_path = ''
as $$
declare
    v_route record;
    v_known record;
begin
    select route.status, route.secret_fields, route.cookie
    into v_route
    from api.routes as route
    where route.function = _function and route.method = 'POST';
    perform core.check_found('request', v_route.status);

    perform core.once_lock(_user_id, _function, _key);
    select known.request_hash, known.status, known.answer
    into v_known
    from core.once_rows(_user_id, _function, _key) as known;
    if not found then
        execute core.once_statement(_function, _names) into answer using _user_id, _values;
        status := v_route.status;
        is_replayed := false;
        perform core.check_found('answer', answer::text);
        -- A refusal that keeps what it counted is a try, not an effect; and who has ended the own
        -- session cannot ask again.
        if not starts_with(answer::text, '{"refusal"') and v_route.cookie is distinct from 'clear'
        then
            perform core.identity_take(_user_id); -- an admin's function ends as somebody else
            perform core.once_keep(
                _user_id, _function, _key, _request_hash, status, answer, v_route.secret_fields
            );
        end if;
    else
        answer := core.once_answer(v_known.request_hash, _request_hash, v_known.answer);
        status := v_known.status;
        is_replayed := true;
    end if;
    return next;
end;
$$;
comment on function api.request_once(bigint, text, bytea, text, text[], text[]) is
    'A routed POST, once for an Idempotency-Key';
call core.identity_taker(
    'api.request_once(bigint, text, bytea, text, text[], text[])',
    'the key is of who asks, also when the function acted on somebody else'
);
revoke execute on function api.request_once(bigint, text, bytea, text, text[], text[]) from public;
grant execute on function api.request_once(bigint, text, bytea, text, text[], text[]) to service;

-- What a request was answered under this key before; no row when it is new. A file is read only
-- after this was asked: its last part goes through request_once. Waits for nobody.
-- Errors: PT422 idempotency_mismatch; PT409 answer_not_kept.
create or replace function api.request_known(
    _user_id bigint, _key text, _request_hash bytea, _function text
)
returns table (answer json, status integer)
language plpgsql stable security definer
set search_path = ''
as $$
declare
    v_known record;
begin
    select known.request_hash, known.status, known.answer
    into v_known
    from core.once_rows(_user_id, _function, _key) as known;
    if not found then
        return;
    end if;
    answer := core.once_answer(v_known.request_hash, _request_hash, v_known.answer);
    status := v_known.status;
    return next;
end;
$$;
comment on function api.request_known(bigint, text, bytea, text) is
    'What was answered for an Idempotency-Key';
revoke execute on function api.request_known(bigint, text, bytea, text) from public;
grant execute on function api.request_known(bigint, text, bytea, text) to service;
