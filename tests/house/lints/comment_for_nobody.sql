-- A comment of a table, column, type or function that names what is not there. (Those of indexes
-- are index_for_nobody's.)
with comments as (
    select
        pg_describe_object(note.classoid, note.objoid, note.objsubid) as thing,
        mention[1] as mention
    from pg_catalog.pg_description as note
    cross join lateral pg_identify_object(
        note.classoid, note.objoid, note.objsubid
    ) as object
    cross join lateral regexp_matches(
        note.description, '\m((?:data|mart|core|api)\.[a-z_]+)', 'g'
    ) as mention
    where object.schema in ('data', 'mart', 'core', 'api')
      and object.type <> 'index'
)
select
    'comment_for_nobody' as name,
    'WARN' as level,
    format('the comment of %s names %s', comments.thing, comments.mention) as detail,
    'comment on it again, with the name that it has now' as remediation
from comments
where to_regclass(comments.mention) is null
  and to_regtype(comments.mention) is null
  and not exists (
      select
      from pg_catalog.pg_proc as routine
      where format('%s.%s', routine.pronamespace::regnamespace, routine.proname) = comments.mention
  )
