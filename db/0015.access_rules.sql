-- What a route asks of who calls it, and the role that acts for all owners: walls that every later
-- step and every function builds on.
-- depends: 0014.batch_reason
-- The table of routes has a few dozen rows: to look at them all is nothing.
-- squawk-ignore-file constraint-missing-not-valid

set lock_timeout = '3s';

-- The steward acts for many owners at once: jobs, bulk loads, reports. Nobody logs in as the
-- steward; owner may hand a function over to it, and gains no right of its own by that. Roles are
-- made with the login's own rights.
reset role;
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'steward') then
        create role steward nologin nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
    end if;
exception
    when duplicate_object or unique_violation then null;  -- a neighbour database made it just now
end;
$$;
do $$
begin
    if not exists (
        select from pg_catalog.pg_auth_members
        where roleid = 'steward'::pg_catalog.regrole
          and member = 'owner'::pg_catalog.regrole
          and set_option
    ) then
        grant steward to owner with inherit false, set true;
    end if;
end;
$$;
set role owner;

grant usage on schema data, mart, core, api to steward;
grant create on schema core to steward;
grant select, insert, update, delete on all tables in schema data to steward;
grant select on all tables in schema mart to steward;
grant usage on all sequences in schema data to steward;
grant execute on all functions in schema core to steward;
alter default privileges for role owner in schema data
    grant select, insert, update, delete on tables to steward;
alter default privileges for role owner in schema data grant usage on sequences to steward;
alter default privileges for role owner in schema mart grant select on tables to steward;
alter default privileges for role owner in schema core grant execute on functions to steward;

alter table api.routes
    add column needs_key boolean not null default false,
    add column needs_login boolean not null default false,
    add column scope text,
    add column secret_fields text[] not null default '{}',
    add column cookie text,
    add constraint only_a_post_needs_a_key check (not needs_key or method = 'POST'),
    add constraint only_an_owner_s_read_has_a_scope check (
        scope is null or (access = 'owner' and method = 'GET')
    ),
    add constraint scope_is_a_word check (scope ~ '^[a-z_]{1,40}$'),
    add constraint login_is_a_callers check (not needs_login or access <> 'public'),
    add constraint cookie_is_known check (cookie in ('set', 'clear')),
    add constraint only_a_post_sets_a_cookie check (cookie is null or method in ('POST', 'DELETE'));

comment on column api.routes.needs_key is 'a POST that is refused without an Idempotency-Key';
comment on column api.routes.needs_login is 'a session of a log-in is asked for, no API key';
comment on column api.routes.scope is
    'what a grant must name for others than the owner to read this; null: the owner alone';
comment on column api.routes.secret_fields is
    'fields of the answer that are shown once: never kept for a replay';
comment on column api.routes.cookie is
    'set: the token of the answer may travel as a cookie; clear: the cookie ends';
