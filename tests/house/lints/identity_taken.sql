-- A routine that sets whose request it is and is not on the list with its reason, or is on the list
-- and does not; and any other way to the setting than core.identity_take.
with takers as (
    select
        routine.oid,
        routine.prosrc ~ '\mcore\.identity_take\M' as takes,
        routine.prosrc ~* 'app\.user_id|\mset_config\M|\mset\s+(local\s+|session\s+)?role\M'
            as is_near
    from pg_catalog.pg_proc as routine
    where routine.pronamespace::regnamespace::text in ('core', 'api')
)
select
    'identity_taken' as name,
    'ERROR' as level,
    format('%s takes an identity', takers.oid::regprocedure) as detail,
    'call core.identity_taker under it, with the reason' as remediation
from takers
where takers.takes
  and not exists (
        select from data.cross_owner_routines as known
        where to_regprocedure(known.routine) = takers.oid and known.kind = 'taker'
    )
union all
select
    'identity_taken', 'ERROR',
    format('%s may take an identity, but does not', known.routine),
    'drop the declaration'
from data.cross_owner_routines as known
left join takers on takers.oid = to_regprocedure(known.routine)
where known.kind = 'taker'
  and not coalesce(takers.takes, false)
union all
select
    'identity_taken', 'ERROR',
    format('%s sets a setting of its own', takers.oid::regprocedure),
    'call core.identity_take, and declare it'
from takers
where takers.is_near
  and takers.oid not in (
        'core.identity_take(bigint)'::regprocedure,
        'core.cross_owner(text, text)'::regprocedure
    )
union all
select
    'identity_taken', 'ERROR',
    format('%s carries the setting %s', routine.oid::regprocedure, setting),
    'call core.identity_take, and declare it'
from pg_catalog.pg_proc as routine
cross join lateral unnest(routine.proconfig) as setting
where routine.pronamespace::regnamespace::text in ('core', 'api')
  and setting ~ '^(app\.|role=|session_authorization=|row_security=)'
