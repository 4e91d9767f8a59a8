-- An index that does not say which function needs it, or is not named table_purpose.
select
    'index_without_reason' as name,
    'WARN' as level,
    class.oid::regclass::text as detail,
    'name it table_purpose and comment on it with the function that needs it' as remediation
from pg_catalog.pg_index as index
inner join pg_catalog.pg_class as class on class.oid = index.indexrelid
inner join pg_catalog.pg_class as owner on owner.oid = index.indrelid
where class.relnamespace::regnamespace::text in ('data', 'mart', 'core', 'api')
  and not class.relispartition
  and not exists (
      select from pg_catalog.pg_constraint as rule where rule.conindid = index.indexrelid
  )
  and (
      obj_description(class.oid, 'pg_class') is null
      or not starts_with(class.relname, owner.relname || '_')
  )
