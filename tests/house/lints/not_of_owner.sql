-- A relation, type or function of our schemas that belongs to another role than owner. What the
-- steward owns of core is looked at by crossing_undeclared; of mart it owns all there is, because
-- owner sees no rows to summarize.
select
    'not_of_owner' as name,
    'ERROR' as level,
    pg_describe_object(classid, oid, 0) || ' belongs to ' || role::regrole as detail,
    'alter ... owner to owner' as remediation
from (
    select 'pg_catalog.pg_class'::regclass as classid, oid, relowner as role, relnamespace as place
    from pg_catalog.pg_class
    where (relowner::regrole::text, relnamespace::regnamespace::text) <> ('steward', 'mart')
    union all
    select 'pg_catalog.pg_proc'::regclass, oid, proowner, pronamespace
    from pg_catalog.pg_proc
    where (proowner::regrole::text, pronamespace::regnamespace::text) <> ('steward', 'core')
    union all
    select 'pg_catalog.pg_type'::regclass, oid, typowner, typnamespace
    from pg_catalog.pg_type where typtype in ('d', 'e', 'r')
) as things
where place::regnamespace::text in ('data', 'mart', 'core', 'api')
  and role <> 'owner'::regrole
