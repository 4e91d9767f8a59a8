-- Something of data or mart that stands on a function of core or a type of api: the arrow points
-- the other way, and applying sql/ could break a table.
select
    'relation_needs_routine' as name,
    'ERROR' as level,
    format(
        '%s needs %s', pg_describe_object(need.classid, need.objid, need.objsubid),
        pg_describe_object(need.refclassid, need.refobjid, need.refobjsubid)
    ) as detail,
    'say it in the table itself, or in the function that writes' as remediation
from pg_catalog.pg_depend as need
cross join lateral pg_identify_object(need.classid, need.objid, need.objsubid) as thing
where need.classid <> 'pg_catalog.pg_proc'::regclass
  and (
      (
          need.refclassid = 'pg_catalog.pg_proc'::regclass
          and need.refobjid in (
              select oid from pg_catalog.pg_proc
              where pronamespace::regnamespace::text in ('core', 'api')
          )
      )
      or (
          need.refclassid = 'pg_catalog.pg_type'::regclass
          and thing.identity ~ '^(data|mart)\.'
          and need.refobjid in (
              select oid from pg_catalog.pg_type
              where typnamespace::regnamespace::text in ('core', 'api')
          )
      )
  )
