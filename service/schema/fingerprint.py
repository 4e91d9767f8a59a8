"""The shape of a database as one short hash: the relations that migrations make, nothing else.

Routines are left out (git and `apply` keep those), and so is the not-null constraint that 18 stores
as a row and 16 does not.
"""

# One line per fact; names instead of oids, so that two databases with the same shape agree.
FINGERPRINT = """
with schemas as (
    select
        oid, nspname, nspowner,
        coalesce(nspacl, pg_catalog.acldefault('n', nspowner)) as nspacl
    from pg_catalog.pg_namespace
    where nspname in ('data', 'mart', 'core', 'api')
),
relations as (
    select
        class.oid, schemas.nspname || '.' || class.relname as name, class.relkind, class.relowner,
        -- No list at all and a list of what the owner has anyway are the same rights.
        coalesce(
            class.relacl,
            pg_catalog.acldefault(
                case class.relkind when 'S' then 's'::"char" else 'r' end, class.relowner
            )
        ) as relacl,
        class.reloptions, class.relpersistence, class.relpartbound,
        class.relrowsecurity, class.relforcerowsecurity
    from pg_catalog.pg_class as class
    inner join schemas on schemas.oid = class.relnamespace
),
types as (
    select
        type.oid, schemas.nspname || '.' || type.typname as name, type.typtype, type.typowner,
        type.typacl, type.typnotnull, type.typdefault, type.typbasetype, type.typtypmod
    from pg_catalog.pg_type as type
    inner join schemas on schemas.oid = type.typnamespace
    where type.typtype in ('d', 'e', 'r')
),
facts (fact) as (
    select concat_ws(
        ' ', 'schema', nspname, nspowner::regrole,
        (select string_agg(item::text, ',' order by item::text) from unnest(nspacl) as item)
    )
    from schemas
    union all
    select concat_ws(
        ' ', 'relation', name, relkind, relowner::regrole,
        (select string_agg(item::text, ',' order by item::text) from unnest(relacl) as item),
        reloptions::text, relpersistence, relrowsecurity, relforcerowsecurity,
        pg_catalog.pg_get_expr(relpartbound, oid),
        case when relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(oid) end,
        case when relkind in ('i', 'I') then pg_catalog.pg_get_indexdef(oid) end
    )
    from relations
    union all
    select concat_ws(
        ' ', 'column', relations.name,
        rank() over (partition by attribute.attrelid order by attribute.attnum),
        attribute.attname, pg_catalog.format_type(attribute.atttypid, attribute.atttypmod),
        attribute.attnotnull, attribute.attidentity, attribute.attgenerated,
        attribute.attacl::text, attribute.attcollation::regcollation,
        pg_catalog.pg_get_expr(attdef.adbin, attdef.adrelid)
    )
    from pg_catalog.pg_attribute as attribute
    inner join relations on relations.oid = attribute.attrelid
    left join pg_catalog.pg_attrdef as attdef
        on attdef.adrelid = attribute.attrelid and attdef.adnum = attribute.attnum
    where attribute.attnum > 0 and not attribute.attisdropped
    union all
    select concat_ws(
        ' ', 'constraint', coalesce(relations.name, types.name), conname, convalidated,
        pg_catalog.pg_get_constraintdef(rule.oid)
    )
    from pg_catalog.pg_constraint as rule
    left join relations on relations.oid = rule.conrelid
    left join types on types.oid = rule.contypid
    where rule.contype <> 'n' and coalesce(relations.name, types.name) is not null
    union all
    select concat_ws(
        ' ', 'type', name, typtype, typowner::regrole, typacl::text, typnotnull, typdefault,
        pg_catalog.format_type(nullif(typbasetype, 0), typtypmod),
        (select string_agg(enumlabel, ',' order by enumsortorder) from pg_catalog.pg_enum
         where enumtypid = types.oid)
    )
    from types
    union all
    select concat_ws(' ', 'trigger', relations.name, pg_catalog.pg_get_triggerdef(trigger.oid))
    from pg_catalog.pg_trigger as trigger
    inner join relations on relations.oid = trigger.tgrelid
    where not trigger.tgisinternal
    union all
    select concat_ws(
        ' ', 'policy', relations.name, polname, polcmd, polpermissive,
        pg_catalog.pg_get_expr(polqual, polrelid), pg_catalog.pg_get_expr(polwithcheck, polrelid),
        (select string_agg(role::regrole::text, ',' order by role::regrole::text)
         from unnest(polroles) as role)
    )
    from pg_catalog.pg_policy
    inner join relations on relations.oid = polrelid
    union all
    select concat_ws(
        ' ', 'comment', coalesce(relations.name, types.name, schemas.nspname), attname, description
    )
    from pg_catalog.pg_description
    left join pg_catalog.pg_attribute
        on attrelid = objoid and attnum = objsubid and objsubid > 0
        and classoid = 'pg_catalog.pg_class'::regclass
    left join relations on relations.oid = objoid and classoid = 'pg_catalog.pg_class'::regclass
    left join types on types.oid = objoid and classoid = 'pg_catalog.pg_type'::regclass
    left join schemas on schemas.oid = objoid and classoid = 'pg_catalog.pg_namespace'::regclass
    where coalesce(relations.name, types.name, schemas.nspname) is not null
    union all
    select concat_ws(' ', 'default', defaclrole::regrole, defaclobjtype, defaclacl::text)
    from pg_catalog.pg_default_acl
)
select pg_catalog.md5(coalesce(string_agg(fact, E'\\n' order by fact collate "C"), '')) from facts
"""
