-- An index that a failed concurrent build left behind: every write pays for it, no read uses it.
select
    'invalid_index' as name,
    'ERROR' as level,
    index.indexrelid::regclass::text as detail,
    'drop it and build it again' as remediation
from pg_catalog.pg_index as index
inner join pg_catalog.pg_class as class on class.oid = index.indexrelid
where class.relnamespace::regnamespace::text in ('data', 'mart', 'core', 'api')
  and not index.indisvalid
