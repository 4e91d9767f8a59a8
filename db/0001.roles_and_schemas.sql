-- Two roles and four schemas: what may be called is in api, what may be read is nowhere else.
-- Roles belong to the whole cluster, so this step finds them or makes them, and its rollback leaves
-- them.
-- depends:

set lock_timeout = '3s';

do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'owner') then
        create role owner nologin;
    end if;
    if not exists (select from pg_catalog.pg_roles where rolname = 'service') then
        create role service login nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
    end if;
exception
    when duplicate_object or unique_violation then null;  -- a neighbour database made them just now
end;
$$;

-- The migrating role must be able to become the owner; who made a role is not yet allowed to.
do $$
begin
    if not pg_catalog.pg_has_role(current_user, 'owner', 'set') then
        execute pg_catalog.format('grant owner to %I with inherit true, set true', current_user);
    end if;
end;
$$;

-- The service's own limits, in case a connection forgets to set them: no name without its schema,
-- no wait for a lock beyond a second, no open transaction, no statement beyond the longest route.
do $$
declare
    v_limit text;
begin
    foreach v_limit in array array[
        'search_path to ''''',
        'lock_timeout to ''1s''',
        'idle_in_transaction_session_timeout to ''5s''',
        'statement_timeout to ''60s'''
    ] loop
        execute pg_catalog.format(
            'alter role service in database %I set %s', pg_catalog.current_database(), v_limit
        );
    end loop;
end;
$$;

revoke all on schema public from public;
do $$
begin
    execute pg_catalog.format(
        'revoke temporary on database %I from public', pg_catalog.current_database()
    );
end;
$$;

create schema data authorization owner;
create schema mart authorization owner;
create schema core authorization owner;
create schema api authorization owner;

comment on schema data is 'Tables. Nothing here depends on a function of core or api.';
comment on schema mart is 'Materialized views: slow to know, cheap to keep.';
comment on schema core is 'The rules: functions that return rows and scalars.';
comment on schema api is
    'One function per endpoint, the table of routes and the types of the wire.';

alter default privileges for role owner revoke execute on functions from public;

grant usage on schema api to service;
