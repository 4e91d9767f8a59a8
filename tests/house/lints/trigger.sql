-- A trigger: every write is a function that says what it does.
select
    'trigger' as name,
    'ERROR' as level,
    format('%s on %s', trigger.tgname, trigger.tgrelid::regclass) as detail,
    'write it in the function that writes the row' as remediation
from pg_catalog.pg_trigger as trigger
inner join pg_catalog.pg_class as class on class.oid = trigger.tgrelid
where class.relnamespace::regnamespace::text in ('data', 'mart', 'core', 'api')
  and not trigger.tgisinternal
