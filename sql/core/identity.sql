-- Whose request this is: the setting app.user_id, which the second wall reads. The service names
-- the owner of the path in it; a log-in, whose owner nobody knows yet, finds out and takes it.

-- Names _user_id as the owner until the transaction ends, and returns it; null names nobody. Call
-- it in a statement of its own, before any that reads: a statement looks at the setting once.
create or replace function core.identity_take(_user_id bigint)
returns bigint
language sql
as $$
    select nullif(
        pg_catalog.set_config('app.user_id', coalesce(_user_id::text, ''), true), ''
    )::bigint;
$$;

-- Lets a routine of core or api call identity_take, and keeps the reason. Stands under the routine;
-- one that takes an identity and is not declared fails the lint identity_taken.
-- Errors: 42883 no such routine, 23514 no reason.
create or replace procedure core.identity_taker(_routine text, _reason text)
language plpgsql
as $$
begin
    insert into data.cross_owner_routines as known (routine, kind, reason)
    values (_routine::regprocedure::text, 'taker', _reason)
    on conflict (routine) do update set kind = excluded.kind, reason = excluded.reason;
end;
$$;
