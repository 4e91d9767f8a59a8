-- A function of api that nobody can reach, or a route that does not say what it answers.
select
    'silent_route' as name,
    'ERROR' as level,
    routine.oid::regprocedure::text || ' has no route' as detail,
    'declare it with api.route, or drop it' as remediation
from pg_catalog.pg_proc as routine
where routine.pronamespace::regnamespace::text = 'api'
  and routine.oid::regproc::text not in (
      'api.route', 'api.caller_read', 'api.request_once', 'api.request_known'
  )
  -- Asked by the service about a request: whose it is, and what a password is checked against.
  and routine.oid::regproc::text not in (
      'api.owner_read', 'api.password_read', 'api.session_touch'
  )
  -- Asked by the courier of the service, not by anybody's request.
  and routine.oid::regproc::text not in (
      'api.message_claim', 'api.message_settle'
  )
  -- Asked by the workers about jobs.
  and routine.oid::regproc::text not in (
      'api.job_look', 'api.job_begin', 'api.job_step', 'api.job_settle'
  )
  and not exists (
      select from api.routes as route where to_regproc(route.function) = routine.oid
  )
union all
select
    'silent_route', 'WARN', format('%s %s declares no answer', route.method, route.path),
    'say its shape: answer => ...'
from api.routes as route
where route.answer = '{}'
