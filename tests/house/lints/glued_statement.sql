-- A statement put together with || and executed: what it is given can become part of it.
select
    'glued_statement' as name,
    'ERROR' as level,
    routine.oid::regprocedure::text as detail,
    'execute format(... %I, %L ...) or execute ... using' as remediation
from pg_catalog.pg_proc as routine
where routine.pronamespace::regnamespace::text in ('core', 'api')
  and routine.prosrc ~* '\mexecute\s[^;]*\|\|'
