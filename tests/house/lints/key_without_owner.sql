-- A keyed table whose primary key does not begin with its owner, or that keeps a unique rule or a
-- foreign key into another keyed table without it: it could not be split over shards.
with keyed as (
    select
        class.oid,
        case
            -- The table of the owners themselves.
            when comment ~ '^user-keyed by id' then 'id'
            when comment ~ '^user-keyed' then 'user_id'
            else 'workspace_id'
        end as owner
    from pg_catalog.pg_class as class
    cross join lateral obj_description(class.oid, 'pg_class') as comment
    where class.relnamespace::regnamespace::text in ('data', 'mart')
      and class.relkind in ('r', 'p')
      and not class.relispartition
      and comment ~ '^(user|workspace)-keyed'
),
owners as (
    select keyed.oid, keyed.owner, attribute.attnum
    from keyed
    left join pg_catalog.pg_attribute as attribute
        on attribute.attrelid = keyed.oid and attribute.attname = keyed.owner
)
select
    'key_without_owner' as name,
    'ERROR' as level,
    format('%s has no primary key that begins with %s', owners.oid::regclass, owners.owner)
        as detail,
    'begin the primary key with the owner' as remediation
from owners
where not exists (
    select
    from pg_catalog.pg_index as index
    where index.indrelid = owners.oid and index.indisprimary
      and index.indkey[0] = owners.attnum
)
union all
select
    'key_without_owner',
    'ERROR',
    format('%s is unique over all owners', index.indexrelid::regclass),
    'add the owner, or move the rule to a key table'
from owners
inner join pg_catalog.pg_index as index on index.indrelid = owners.oid and index.indisunique
where not coalesce(owners.attnum = any (index.indkey::smallint[]), false)
union all
select
    'key_without_owner',
    'ERROR',
    format('%s of %s leaves its owner out', rule.conname, rule.conrelid::regclass),
    'point at the owner and the id'
from owners
inner join pg_catalog.pg_constraint as rule
    on rule.conrelid = owners.oid and rule.contype = 'f' and rule.conparentid = 0
where rule.confrelid in (select oid from keyed)
  and not coalesce(owners.attnum = any (rule.conkey), false)
