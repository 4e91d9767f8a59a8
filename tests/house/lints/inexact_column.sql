-- A column that cannot keep what it is given: floats round, money depends on a setting, numeric
-- without its scale takes any, timestamps without a zone mean another moment elsewhere. Doubles may
-- be kept by a table whose comment says that it holds estimates: they are no money of anybody.
select
    'inexact_column' as name,
    'ERROR' as level,
    format('%s.%s is %s', class.oid::regclass, attribute.attname,
        format_type(attribute.atttypid, attribute.atttypmod)) as detail,
    'numeric(14, 2) for money, timestamptz for moments' as remediation
from pg_catalog.pg_attribute as attribute
inner join pg_catalog.pg_class as class on class.oid = attribute.attrelid
where class.relnamespace::regnamespace::text in ('data', 'mart')
  and class.relkind in ('r', 'p', 'm')
  and not class.relispartition
  and attribute.attnum > 0
  and not attribute.attisdropped
  and (
      attribute.atttypid::regtype::text in (
          'real', 'double precision', 'money', 'timestamp without time zone',
          'time with time zone', 'character'
      )
      or (attribute.atttypid = 'numeric'::regtype and attribute.atttypmod = -1)
  )
  and not (
      attribute.atttypid = 'double precision'::regtype
      and coalesce(obj_description(class.oid, 'pg_class') ~ '\mestimates\M', false)
  )
