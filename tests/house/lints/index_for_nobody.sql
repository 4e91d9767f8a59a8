-- An index whose comment names a function or table that is not there, or none at all.
with named as (
    select class.oid, coalesce(mention[1], 'nothing') as mention
    from pg_catalog.pg_class as class
    cross join lateral obj_description(class.oid, 'pg_class') as comment
    left join lateral regexp_matches(comment, '\m((?:data|mart|core|api)\.\w+)', 'g') as mention
        on true
    where class.relkind in ('i', 'I')
      and class.relnamespace::regnamespace::text in ('data', 'mart', 'api')
      and comment is not null
)
select
    'index_for_nobody' as name,
    'WARN' as level,
    format('%s is for %s', named.oid::regclass, named.mention) as detail,
    'name who needs it now, or drop it' as remediation
from named
where to_regclass(named.mention) is null
  and not exists (
      select
      from pg_catalog.pg_proc as routine
      where format('%s.%s', routine.pronamespace::regnamespace, routine.proname) = named.mention
  )
