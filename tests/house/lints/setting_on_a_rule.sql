-- A function of core in language sql with a set clause: it is never inlined, and an index scan
-- becomes a function scan. (plpgsql is never inlined; it may choose how it plans. Neither is what
-- runs with its definer's rights, and that must fix its search_path.)
select
    'setting_on_a_rule' as name,
    'WARN' as level,
    format('%s %s', routine.oid::regprocedure, routine.proconfig) as detail,
    'qualify its names instead' as remediation
from pg_catalog.pg_proc as routine
where routine.pronamespace::regnamespace::text = 'core'
  and routine.proconfig is not null
  and not routine.prosecdef
  and routine.prolang = (select oid from pg_catalog.pg_language where lanname = 'sql')
