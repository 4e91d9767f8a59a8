-- A function that everybody may call.
select
    'executable_by_public' as name,
    'ERROR' as level,
    routine.oid::regprocedure::text as detail,
    'revoke execute on it from public' as remediation
from pg_catalog.pg_proc as routine
cross join lateral aclexplode(coalesce(routine.proacl, acldefault('f', routine.proowner))) as item
where routine.pronamespace::regnamespace::text in ('data', 'mart', 'core', 'api')
  and item.grantee = 0
