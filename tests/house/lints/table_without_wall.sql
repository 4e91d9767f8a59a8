-- A keyed table, or a partition of one, without the second wall: row-level security that is enabled
-- and forced, with exactly the two policies, in exactly their form.
with recursive keyed as (
    select
        class.oid,
        class.oid as root,
        case
            when comment ~ '^user-keyed by id' then 'id'
            when comment ~ '^user-keyed' then 'user_id'
            else 'workspace_id'
        end as owner
    from pg_catalog.pg_class as class
    cross join lateral obj_description(class.oid, 'pg_class') as comment
    where class.relnamespace::regnamespace::text = 'data'
      and class.relkind in ('r', 'p')
      and not class.relispartition
      and comment ~ '^(user|workspace)-keyed'
    union all
    select part.inhrelid, keyed.root, keyed.owner
    from keyed
    inner join pg_catalog.pg_inherits as part on part.inhparent = keyed.oid
),
policies as (
    select
        keyed.oid,
        policy.polname,
        case
            when policy.polcmd <> '*' or not policy.polpermissive then 'other'
            when policy.polroles = array['steward'::regrole::oid]
                and pg_get_expr(policy.polqual, policy.polrelid) = 'true'
                and policy.polwithcheck is null
                then 'steward'
            when policy.polroles = array['owner'::regrole::oid]
                and policy.polwithcheck is null
                and regexp_replace(
                    pg_get_expr(policy.polqual, policy.polrelid), '\s+', ' ', 'g'
                ) ~ format(
                    '^\(%s = \( SELECT \(NULLIF\(current_setting\(''app\.user_id''::text, true\), '
                    '''''::text\)\)::bigint AS "?nullif"?\)\)$',
                    keyed.owner
                )
                then 'owner'
            else 'other'
        end as form
    from keyed
    inner join pg_catalog.pg_policy as policy on policy.polrelid = keyed.oid
)
select
    'table_without_wall' as name,
    'ERROR' as level,
    format('%s has no forced row-level security', keyed.oid::regclass) as detail,
    'alter table ... enable row level security, force row level security' as remediation
from keyed
inner join pg_catalog.pg_class as class on class.oid = keyed.oid
where not (class.relrowsecurity and class.relforcerowsecurity)
union all
select
    'table_without_wall', 'ERROR',
    format('policy %s of %s has another form', policies.polname, policies.oid::regclass),
    'compare a sub-select, which is read once a statement, to the owner; to owner, for all'
from policies
where policies.form = 'other'
union all
select
    'table_without_wall', 'ERROR',
    format('%s has no policy for %s', keyed.oid::regclass, wanted.form),
    'create policy ... to ' || wanted.form
from keyed
cross join (values ('owner'), ('steward')) as wanted (form)
where keyed.oid = keyed.root
  and not exists (
        select from policies
        where policies.oid = keyed.oid and policies.form = wanted.form
    )
