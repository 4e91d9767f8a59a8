-- A GET on a function that may write.
select
    'get_that_writes' as name,
    'ERROR' as level,
    format('%s %s calls %s', route.method, route.path, route.function) as detail,
    'make the function stable' as remediation
from api.routes as route
inner join pg_catalog.pg_proc as routine on routine.oid = to_regproc(route.function)
where route.method = 'GET'
  and routine.provolatile = 'v'
