-- pgTAP's words, the few that our tests use, for a server without the extension: the same files run
-- under the real one. Each answers one line; a failure adds what it had and what it wanted.
create schema tap;

create function tap.plan(_count integer) returns text language sql as $$
    select '1..' || set_config('tap.planned', _count::text, true)
    from set_config('tap.ran', '0', true) as ran, set_config('tap.failed', '0', true) as failed;
$$;

create function tap.ok(_holds boolean, _rule text default '') returns text language plpgsql as $$
declare
    v_ran constant text := (current_setting('tap.ran')::integer + 1)::text;
begin
    perform set_config('tap.ran', v_ran, true);
    if _holds then
        return format('ok %s - %s', v_ran, _rule);
    end if;
    perform set_config('tap.failed', (current_setting('tap.failed')::integer + 1)::text, true);
    return format('not ok %s - %s', v_ran, _rule);
end;
$$;

create function tap.compared(_holds boolean, _have text, _want text, _rule text)
returns text language sql as $$
    select tap.ok(_holds, _rule) || case when _holds then '' else concat(
        e'\n#         have: ', coalesce(_have, 'NULL'),
        e'\n#         want: ', coalesce(_want, 'NULL')
    ) end;
$$;

create function tap.pass(_rule text default '') returns text language sql as $$
    select tap.ok(true, _rule);
$$;

create function tap.fail(_rule text default '') returns text language sql as $$
    select tap.ok(false, _rule);
$$;

create function tap.is(_have anyelement, _want anyelement, _rule text default '')
returns text language sql as $$
    select tap.compared(_have is not distinct from _want, _have::text, _want::text, _rule);
$$;

create function tap.isnt(_have anyelement, _want anyelement, _rule text default '')
returns text language sql as $$
    select tap.compared(
        _have is distinct from _want, _have::text, 'anything else than ' || _want::text, _rule
    );
$$;

create function tap.matches(_have text, _pattern text, _rule text default '')
returns text language sql as $$
    select tap.compared(coalesce(_have ~ _pattern, false), _have, 'like ' || _pattern, _rule);
$$;

create function tap.cmp_ok(
    _have anyelement, _operator text, _want anyelement, _rule text default ''
)
returns text language plpgsql as $$
declare
    v_holds boolean;
begin
    execute format('select $1 operator(pg_catalog.%s) $2', _operator)
    into v_holds using _have, _want;
    return tap.compared(
        coalesce(v_holds, false), _have::text, _operator || ' ' || _want::text, _rule
    );
end;
$$;

create function tap.rows_of(_query text) returns text language plpgsql as $$
declare
    v_rows text;
begin
    execute format('select string_agg(row::text, e''\n#               '') from (%s) as row', _query)
    into v_rows;
    return v_rows;
end;
$$;

create function tap.results_eq(_have text, _want text, _rule text default '')
returns text language sql as $$
    select tap.compared(have is not distinct from want, have, want, _rule)
    from tap.rows_of(_have) as have, tap.rows_of(_want) as want;
$$;

create function tap.is_empty(_query text, _rule text default '') returns text language sql as $$
    select tap.compared(have is null, have, 'no rows', _rule) from tap.rows_of(_query) as have;
$$;

create function tap.throws_ok(
    _statement text, _code text default null, _message text default null, _rule text default ''
)
returns text language plpgsql as $$
begin
    execute _statement;
    return tap.compared(false, 'no error', concat_ws(': ', _code, _message), _rule);
exception when others then
    return tap.compared(
        sqlstate = coalesce(_code, sqlstate) and sqlerrm = coalesce(_message, sqlerrm),
        concat_ws(': ', sqlstate, sqlerrm), concat_ws(': ', _code, _message), _rule
    );
end;
$$;

create function tap.lives_ok(_statement text, _rule text default '')
returns text language plpgsql as $$
begin
    execute _statement;
    return tap.ok(true, _rule);
exception when others then
    return tap.compared(false, concat_ws(': ', sqlstate, sqlerrm), 'no error', _rule);
end;
$$;

create function tap.finish() returns setof text language sql as $$
    select format('# Looks like you planned %s tests but ran %s', planned, ran)
    from current_setting('tap.planned') as planned, current_setting('tap.ran') as ran
    where planned <> ran
    union all
    select format('# Looks like you failed %s of %s', failed, current_setting('tap.ran'))
    from current_setting('tap.failed') as failed
    where failed <> '0';
$$;
