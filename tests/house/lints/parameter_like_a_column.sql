-- A parameter without its underscore: `where user_id = user_id` is true for every row.
select
    'parameter_like_a_column' as name,
    'ERROR' as level,
    format('%s of %s', parameter, routine.oid::regprocedure) as detail,
    'begin it with _' as remediation
from pg_catalog.pg_proc as routine
cross join lateral unnest(
    case
        when routine.pronargs = 0 then '{}'
        else coalesce(routine.proargnames, array_fill(''::text, array[routine.pronargs::integer]))
    end
) with ordinality as given (parameter, position)
where routine.pronamespace::regnamespace::text in ('core', 'api')
  and routine.prokind <> 'a'
  and coalesce(routine.proargmodes[position], 'i') in ('i', 'b', 'v')
  and left(parameter, 1) <> '_'
  -- The procedures that declare routes, jobs and a fit qualify these names where a table is near.
  and routine.oid::regproc::text not in ('api.route', 'core.job', 'core.given_fit')
