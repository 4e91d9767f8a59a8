-- What crosses owners for a good reason: few routines, each with its reason, run by the steward.

-- Hands a routine of core over to the steward, so that it sees the rows of all owners, and keeps
-- the reason. Stands under the routine; _routine is 'core.name(types)'. Whoever calls the routine
-- names the owners in its arguments, so api checks them before. The next apply takes the routine
-- back before it reads the files: one that is not declared any more belongs to owner again.
-- Errors: 42883 no such routine, 22023 not a routine of core, 23514 no reason.
create or replace procedure core.cross_owner(_routine text, _reason text)
language plpgsql
as $$
declare
    v_routine constant regprocedure := _routine;
    v_role constant text := current_setting('role');
begin
    if (
        select pronamespace::regnamespace::text from pg_catalog.pg_proc where oid = v_routine
    ) <> 'core' then
        raise exception '% is not a routine of core', _routine using errcode = '22023';
    end if;
    insert into data.cross_owner_routines as known (routine, kind, reason)
    values (v_routine::text, 'steward', _reason)
    on conflict (routine) do update set kind = excluded.kind, reason = excluded.reason;

    execute format('alter routine %s security definer set search_path = %L', v_routine, '');
    execute format('alter routine %s owner to steward', v_routine);
    perform pg_catalog.set_config('role', 'steward', true);
    execute format('grant execute on routine %s to owner', v_routine);
    perform pg_catalog.set_config('role', v_role, true);
end;
$$;
