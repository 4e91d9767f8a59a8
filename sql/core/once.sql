-- One effect for one Idempotency-Key: who may try, what was answered before, what is kept of it.

-- True once nobody else works on this key of this user at this endpoint; held until the transaction
-- ends. Waits as long as lock_timeout allows. Errors: PT409 the first try is still running.
create or replace function core.once_lock(_user_id bigint, _endpoint text, _key text)
returns boolean
language plpgsql
as $$
declare
    v_lock constant bigint := hashtextextended(format('%s %s %s', _user_id, _endpoint, _key), 0);
begin
    if not pg_try_advisory_xact_lock(v_lock) then
        begin
            perform pg_advisory_xact_lock(v_lock);
        exception when lock_not_available then
            raise exception 'The first request with this key is still running: send it again soon'
                using errcode = 'PT409', hint = 'still_running';
        end;
    end if;
    return true;
end;
$$;

-- What was answered under the key in the last 24 hours, by the clock of the database: one row, or
-- none. Looks into the partitions of two days.
create or replace function core.once_rows(_user_id bigint, _endpoint text, _key text)
returns table (request_hash bytea, status integer, answer json)
language sql stable
as $$
    select request_hash, status, answer
    from data.idempotency_keys
    where user_id = _user_id
      and endpoint = _endpoint
      and key = _key
      and day_at >= date_trunc('day', now() - interval '24 hours', 'UTC')
      and created_at > now() - interval '24 hours'
    order by created_at desc
    limit 1;
$$;

-- Keeps an answer under the key, without the top-level fields _secret_fields, which stay as null;
-- one of more than 256 KiB is not kept, only that it was given.
create or replace function core.once_keep(
    _user_id bigint,
    _endpoint text,
    _key text,
    _request_hash bytea,
    _status integer,
    _answer json,
    _secret_fields text[]
)
returns void
language sql
as $$
    insert into data.idempotency_keys (
        user_id, endpoint, key, day_at, request_hash, status, answer
    )
    select
        _user_id,
        _endpoint,
        _key,
        date_trunc('day', now(), 'UTC'),
        _request_hash,
        _status,
        case when octet_length(shown.answer::text) <= 262144 then shown.answer end
    from (select core.once_shown(_answer, _secret_fields) as answer) as shown;
$$;

-- The kept answer, for the request that it was given to. Errors: PT422 idempotency_mismatch, it
-- was another one; PT409 answer_not_kept, it was too long.
create or replace function core.once_answer(_known_hash bytea, _request_hash bytea, _answer json)
returns json
language plpgsql immutable
as $$
begin
    if _known_hash <> _request_hash then
        raise exception 'This Idempotency-Key came with another request before'
            using errcode = 'PT422', hint = 'idempotency_mismatch', column = 'Idempotency-Key';
    end if;
    if _answer is null then
        raise exception 'This was done before; its answer was too long to keep: read what it made'
            using errcode = 'PT409', hint = 'answer_not_kept';
    end if;
    return _answer;
end;
$$;

-- An answer as it may be shown a second time: its secret fields are null.
create or replace function core.once_shown(_answer json, _secret_fields text[])
returns json
language sql immutable parallel safe
as $$
    select case
        when _secret_fields = '{}' then _answer
        else (
            select json_object_agg(
                field.key,
                case when field.key <> all (_secret_fields) then field.value end
            )
            from json_each(_answer) as field
        )
    end;
$$;

-- The call of a function of api as text: $1 is the owner, $2 a list of the texts of its arguments,
-- in the order of _names. Each is cast to the type that its parameter is declared with; the owner
-- is given to a function that takes one. Errors: 22023 a name that is no parameter.
create or replace function core.once_statement(_function text, _names text[])
returns text
language plpgsql stable
as $$
declare
    v_routine record;
    v_list text;
    v_count bigint;
begin
    select routine.proname, routine.proargnames, routine.proargtypes::oid[] as types
    into strict v_routine
    from pg_catalog.pg_proc as routine
    where routine.oid = to_regproc(_function);

    select
        string_agg(
            case
                when name = '_user_id' then '_user_id => $1'
                else format(
                    '%I => ($2)[%s]::%s',
                    name,
                    array_position(_names, name),
                    format_type(v_routine.types[place - 1], null)
                )
            end,
            ', '
            order by place
        ),
        count(*) filter (where name <> '_user_id')
    into v_list, v_count
    from unnest(v_routine.proargnames) with ordinality as parameter (name, place)
    where name = '_user_id' or name = any (_names);

    if v_count <> cardinality(_names) then
        raise exception '% does not take all of %', _function, _names using errcode = '22023';
    end if;
    return format('select api.%I(%s)', v_routine.proname, v_list);
end;
$$;

-- Forgets every key of a user; how many there were.
create or replace function core.once_forget(_user_id bigint)
returns bigint
language sql
as $$
    with gone as (
        delete from data.idempotency_keys where user_id = _user_id returning 1
    )
    select count(*) from gone;
$$;
