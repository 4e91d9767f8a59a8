-- A table whose comment does not begin with where its rows live.
select
    'table_without_class' as name,
    'ERROR' as level,
    class.oid::regclass::text as detail,
    'begin its comment with user-keyed, workspace-keyed, reference, key table or log' as remediation
from pg_catalog.pg_class as class
where class.relnamespace::regnamespace::text in ('data', 'api')
  and class.relkind in ('r', 'p')
  and not class.relispartition
  and coalesce(obj_description(class.oid, 'pg_class'), '')
      !~ '^(user-keyed|workspace-keyed|reference|key table|log)'
