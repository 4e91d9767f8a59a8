-- A function with its owner's rights that looks names up where its caller says.
select
    'definer_without_search_path' as name,
    'ERROR' as level,
    routine.oid::regprocedure::text as detail,
    'let api.route publish it, or set search_path = ''''' as remediation
from pg_catalog.pg_proc as routine
where routine.pronamespace::regnamespace::text in ('data', 'mart', 'core', 'api', 'public')
  and routine.prosecdef
  and not coalesce('search_path=""' = any (routine.proconfig), false)
