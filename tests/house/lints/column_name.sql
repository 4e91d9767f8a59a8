-- A name that hides what it holds: moments end with _at, truths begin with is_, has_ or needs_, or
-- have the name that the source documents gave them.
select
    'column_name' as name,
    'WARN' as level,
    format('%s.%s', class.oid::regclass, attribute.attname) as detail,
    'timestamptz: _at; boolean: is_, has_ or needs_' as remediation
from pg_catalog.pg_attribute as attribute
inner join pg_catalog.pg_class as class on class.oid = attribute.attrelid
where class.relnamespace::regnamespace::text in ('data', 'mart', 'api')
  and class.relkind in ('r', 'p', 'm')
  and not class.relispartition
  and attribute.attnum > 0
  and not attribute.attisdropped
  and case attribute.atttypid::regtype::text
      when 'timestamp with time zone' then attribute.attname !~ '_at$'
      when 'boolean' then attribute.attname !~ '^((is|has|needs)_|captcha_verified$)'
      else false
  end
