-- A routine that crosses owners and is not on the list with its reason, or the other way round.
with declared as (
    select to_regprocedure(routine) as routine, routine as signature, kind
    from data.cross_owner_routines
)
select
    'crossing_undeclared' as name,
    'ERROR' as level,
    format('%s belongs to steward', routine.oid::regprocedure) as detail,
    'call core.cross_owner under it, with the reason' as remediation
from pg_catalog.pg_proc as routine
where routine.proowner = 'steward'::regrole
  and not exists (
        select from declared where declared.routine = routine.oid and declared.kind = 'steward'
    )
union all
select
    'crossing_undeclared', 'ERROR',
    format('%s is declared to cross owners, but does not', declared.signature),
    'apply sql/, which writes the list anew'
from declared
left join pg_catalog.pg_proc as routine on routine.oid = declared.routine
where declared.kind = 'steward'
  and not coalesce(routine.proowner = 'steward'::regrole and routine.prosecdef, false)
