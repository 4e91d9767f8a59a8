-- The roles stay: other databases of the cluster may use them.
set lock_timeout = '3s';

drop schema api;
drop schema core;
drop schema mart;
drop schema data;

alter default privileges for role owner grant execute on functions to public;

grant usage on schema public to public;
do $$
begin
    execute pg_catalog.format(
        'alter role service in database %I reset all', pg_catalog.current_database()
    );
    execute pg_catalog.format(
        'grant temporary on database %I to public', pg_catalog.current_database()
    );
end;
$$;
