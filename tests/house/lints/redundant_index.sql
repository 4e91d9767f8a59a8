-- An index whose columns begin another one: it costs every write and answers nothing new.
select
    'redundant_index' as name,
    'WARN' as level,
    format('%s is covered by %s', less.indexrelid::regclass, more.indexrelid::regclass) as detail,
    'drop the shorter one' as remediation
from pg_catalog.pg_index as less
inner join pg_catalog.pg_class as class on class.oid = less.indexrelid
inner join pg_catalog.pg_index as more
    on more.indrelid = less.indrelid and more.indexrelid <> less.indexrelid
inner join pg_catalog.pg_class as wider on wider.oid = more.indexrelid and wider.relam = class.relam
where class.relnamespace::regnamespace::text in ('data', 'mart', 'core', 'api')
  and not class.relispartition
  and not less.indisprimary
  and less.indnatts = less.indnkeyatts
  and less.indexprs is null and more.indexprs is null
  and less.indpred::text is not distinct from more.indpred::text
  and (more.indkey::smallint[])[0:less.indnkeyatts - 1]
      = (less.indkey::smallint[])[0:less.indnkeyatts - 1]
  and (more.indoption::smallint[])[0:less.indnkeyatts - 1]
      = (less.indoption::smallint[])[0:less.indnkeyatts - 1]
  and (more.indclass::oid[])[0:less.indnkeyatts - 1]
      = (less.indclass::oid[])[0:less.indnkeyatts - 1]
  -- A unique index also keeps a rule; only one that keeps the same rule can stand for it.
  and (
      not less.indisunique
      or (more.indisunique and more.indnkeyatts = less.indnkeyatts
          and (more.indisprimary or more.indexrelid < less.indexrelid))
  )
  and (
      more.indnkeyatts > less.indnkeyatts or more.indisunique
      or more.indnatts > less.indnatts or more.indexrelid < less.indexrelid
  )
