-- A function of api that knows an owner but does not take it first: a router could not send it on.
select
    'owner_not_first' as name,
    'ERROR' as level,
    routine.oid::regprocedure::text as detail,
    'make _user_id its first parameter' as remediation
from pg_catalog.pg_proc as routine
where routine.pronamespace::regnamespace::text = 'api'
  and routine.proargnames && '{_user_id,_user_ids,_workspace_id}'
  and routine.proargnames[1] not in ('_user_id', '_user_ids', '_workspace_id')
union all
select
    'owner_not_first', 'ERROR', format('%s of %s', route.function, route.path),
    'make _user_id its first parameter'
from api.routes as route
inner join pg_catalog.pg_proc as routine on routine.oid = to_regproc(route.function)
where route.access = 'owner'
  and routine.proargnames[1] is distinct from '_user_id'
