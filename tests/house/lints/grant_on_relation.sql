-- A relation of data or mart, a partition too, on which anybody but its owner has a right. The
-- steward, as whom nobody logs in, reads and writes rows, and has no right beyond that.
select
    'grant_on_relation' as name,
    'ERROR' as level,
    format('%s: %s to %s', class.oid::regclass, item.privilege_type, item.grantee::regrole)
        as detail,
    'revoke it: what may be read is a function of api' as remediation
from pg_catalog.pg_class as class
cross join lateral aclexplode(class.relacl) as item
where class.relnamespace::regnamespace::text in ('data', 'mart')
  and item.grantee <> class.relowner
  and (
        item.grantee::regrole::text <> 'steward'
        or item.is_grantable
        or item.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'USAGE')
    )
union all
select
    'grant_on_relation', 'ERROR',
    format('%s.%s: %s', attribute.attrelid::regclass, attribute.attname, attribute.attacl),
    'revoke it: what may be read is a function of api'
from pg_catalog.pg_attribute as attribute
inner join pg_catalog.pg_class as class on class.oid = attribute.attrelid
where class.relnamespace::regnamespace::text in ('data', 'mart')
  and attribute.attacl is not null
