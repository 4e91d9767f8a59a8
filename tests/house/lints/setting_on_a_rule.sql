-- A function of core with a set clause: it is never inlined, an index scan becomes a function scan.
select
    'setting_on_a_rule' as name,
    'WARN' as level,
    format('%s %s', routine.oid::regprocedure, routine.proconfig) as detail,
    'qualify its names instead' as remediation
from pg_catalog.pg_proc as routine
where routine.pronamespace::regnamespace::text = 'core'
  and routine.proconfig is not null
