-- Declaring an endpoint: one checked call beside its function.
-- A typo stops the apply, not the first request.

-- Options were added: beside the old form, a call with fewer of them would fit both.
drop procedure if exists api.route(
    text, text, text, text, integer, integer, text[], integer, integer, boolean, integer, jsonb,
    jsonb, text[], boolean, boolean, text, text[], text
);

-- Publishes a function as a route: fixes its search_path, gives it the definer's rights, grants it
-- to service, writes its comment and its row in api.routes, and tells running services. A superuser
-- may call it by hand in a running database; the next apply keeps only what stands in sql/.
-- route is 'METHOD /path/{field}'; function is 'api.name'. answer is the shape of data: leaves are
-- integer, number, money, text, boolean, date, timestamp, uuid, object, any or a|b for one of
-- several words; a ? behind a leaf allows null, a ? behind a key means that it may be missing;
-- ["money"] is a list. needs_key: a POST that moves money asks for an Idempotency-Key. needs_login:
-- an API key will not do. scope: a grant that names it lets others than the owner read this.
-- secret_fields: shown once, never kept for a replay. cookie: set or clear. max_file_bytes: the
-- body is a file, which the function takes part by part in _file and _rows (docs/imports.md).
-- Errors: 42883 no such function, 42725 it is overloaded, 22023 route and function do not fit,
-- 23514 and 23502 the row breaks a rule of api.routes.
create or replace procedure api.route(
    route text,
    function text,
    summary text,
    access text default 'owner',
    status integer default 200,
    cache_s integer default 0,
    tags text[] default '{}',
    cost integer default 1,
    timeout_ms integer default 2000,
    is_fast boolean default true,
    max_body_bytes integer default 65536,
    fields jsonb default '{}',
    answer jsonb default '{}',
    aliases text[] default '{}',
    needs_key boolean default false,
    needs_login boolean default false,
    scope text default null,
    secret_fields text[] default '{}',
    cookie text default null,
    max_file_bytes bigint default null
)
language plpgsql
as $$
declare
    v_method constant text := split_part(route.route, ' ', 1);
    v_path constant text := split_part(route.route, ' ', 2);
    v_name constant text := split_part(route.function, '.', 2);
    v_routine record;
    v_field text;
    v_faults text;
begin
    if route.route !~ '^[A-Z]+ /\S*$' then
        raise exception 'route % must be written as METHOD /path', route.route
            using errcode = '22023';
    end if;
    if (
        select count(*) from pg_catalog.pg_proc
        where pronamespace = 'api'::regnamespace and proname = v_name
    ) > 1 then
        raise exception '% is overloaded: a route needs one function', route.function
            using errcode = '42725';
    end if;
    select
        routine.oid::regprocedure as signature,
        routine.provolatile,
        routine.prorettype,
        routine.proretset,
        routine.proargtypes[0] as first_type,
        coalesce(routine.proargnames, array_fill(''::text, array[routine.pronargs])) as parameters
    into v_routine
    from pg_catalog.pg_proc as routine
    where routine.pronamespace = 'api'::regnamespace
      and routine.proname = v_name
      and split_part(route.function, '.', 1) = 'api';
    if not found then
        raise exception 'no function % for route %', route.function, route.route
            using errcode = '42883';
    end if;
    if v_routine.prorettype <> 'json'::regtype or v_routine.proretset then
        raise exception '% must return one json', route.function using errcode = '22023';
    end if;
    if v_method = 'GET' and v_routine.provolatile = 'v' then
        raise exception '% is volatile: a GET reads, so its function is stable', route.function
            using errcode = '22023';
    end if;
    foreach v_field in array v_routine.parameters loop
        if left(v_field, 1) <> '_' then
            raise exception 'parameter "%" of % must begin with _', v_field, route.function
                using errcode = '22023';
        end if;
    end loop;
    -- One by one, so that the refusal can name the field.
    for v_field in
        select match[1]
        from unnest(array_prepend(v_path, route.aliases)) as address
        cross join lateral regexp_matches(address, '\{([a-z_]+)\}', 'g') as match
        union all
        select jsonb_object_keys(route.fields)
    loop
        if not ('_' || v_field = any (v_routine.parameters)) then
            raise exception '% takes no field % that route % names',
                route.function, v_field, route.route
                using errcode = '22023';
        end if;
        if v_field = any (core.route_reserved()) then
            raise exception 'field % of % is filled by the service, never by a caller',
                v_field, route.route
                using errcode = '22023';
        end if;
    end loop;
    foreach v_field in array route.aliases loop
        if left(v_field, 1) <> '/' then
            raise exception 'alias % of % must be a path', v_field, route.route
                using errcode = '22023';
        end if;
    end loop;
    select string_agg(fault, '; ') into v_faults from core.shape_faults(route.answer) as fault;
    if v_faults is not null then
        raise exception 'answer of %: %', route.function, v_faults using errcode = '22023';
    end if;
    v_faults := core.route_fault(
        v_method, array_prepend(v_path, route.aliases), route.function, route.access,
        route.needs_key, v_routine.parameters, v_routine.first_type, route.max_file_bytes
    );
    if v_faults is not null then
        raise exception '%', v_faults using errcode = '22023';
    end if;

    execute format('alter function %s owner to owner', v_routine.signature);
    execute format(
        'alter function %s security definer set search_path = %L', v_routine.signature, ''
    );
    execute format('revoke execute on function %s from public', v_routine.signature);
    execute format('grant execute on function %s to service', v_routine.signature);
    execute format('comment on function %s is %L', v_routine.signature, route.summary);

    -- A function answers one route: a new address takes the old one's place.
    delete from api.routes as old
    where old.function = route.function
      and (old.method, old.path) <> (v_method, v_path);
    insert into api.routes as known (
        method, path, function, access, status, cache_s, tags, cost, timeout_ms, is_fast,
        max_body_bytes, summary, fields, answer, aliases, needs_key, needs_login, scope,
        secret_fields, cookie, max_file_bytes
    )
    values (
        v_method, v_path, route.function, route.access, route.status, route.cache_s, route.tags,
        route.cost, route.timeout_ms, route.is_fast, route.max_body_bytes, route.summary,
        route.fields, route.answer, route.aliases, route.needs_key, route.needs_login,
        route.scope, route.secret_fields, route.cookie,
        route.max_file_bytes
    )
    on conflict (method, path) do update set
        function = excluded.function,
        access = excluded.access,
        status = excluded.status,
        cache_s = excluded.cache_s,
        tags = excluded.tags,
        cost = excluded.cost,
        timeout_ms = excluded.timeout_ms,
        is_fast = excluded.is_fast,
        max_body_bytes = excluded.max_body_bytes,
        summary = excluded.summary,
        fields = excluded.fields,
        answer = excluded.answer,
        aliases = excluded.aliases,
        needs_key = excluded.needs_key,
        needs_login = excluded.needs_login,
        scope = excluded.scope,
        secret_fields = excluded.secret_fields,
        cookie = excluded.cookie,
        max_file_bytes = excluded.max_file_bytes;

    perform pg_catalog.pg_notify('routes', '');
end;
$$;
