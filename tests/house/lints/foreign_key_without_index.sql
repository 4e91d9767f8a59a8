-- A foreign key whose columns lead no index: deleting the row it points at reads the whole table.
select
    'foreign_key_without_index' as name,
    'WARN' as level,
    format('%s of %s', rule.conname, rule.conrelid::regclass) as detail,
    'create an index that begins with its columns' as remediation
from pg_catalog.pg_constraint as rule
where rule.contype = 'f'
  and rule.conparentid = 0
  and rule.connamespace::regnamespace::text in ('data', 'mart', 'core', 'api')
  and not exists (
      select
      from pg_catalog.pg_index as index
      where index.indrelid = rule.conrelid
        and index.indisvalid
        -- A partial index serves when all it leaves out is rows that point at nothing.
        and coalesce(pg_get_expr(index.indpred, index.indrelid), '(x IS NOT NULL)')
            ~ '^\(\w+ IS NOT NULL\)$'
        and (index.indkey::smallint[])[0:cardinality(rule.conkey) - 1] @> rule.conkey
  )
