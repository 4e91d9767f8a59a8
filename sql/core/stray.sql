-- Strays: rows in a DEFAULT partition, which came before the partition of their time was made. The
-- wall of that partition is lifted for owner inside the transaction that looks after them, under a
-- lock that keeps everybody else out.

-- The column that a table is partitioned by, and the SQL of its moment without a zone, in UTC.
create or replace function core.stray_key(_relation text)
returns table (name text, moment text)
language sql stable parallel safe
as $$
    select
        attribute.attname,
        format(
            case attribute.atttypid
                when 'date'::regtype then '%I::timestamp'
                else '%I at time zone ''UTC'''
            end,
            attribute.attname
        )
    from pg_catalog.pg_partitioned_table as parted
    inner join pg_catalog.pg_attribute as attribute
        on attribute.attrelid = parted.partrelid and attribute.attnum = parted.partattrs[0]
    where parted.partrelid = to_regclass(_relation);
$$;

-- Keeps writes out of a table until the transaction ends, or with _is_whole everybody. LOCK wants a
-- right to change, which an append-only table gives nobody: owner has it for this statement.
create or replace function core.stray_lock(_relation text, _is_whole boolean default false)
returns void
language plpgsql
as $$
declare
    v_relation constant regclass := _relation;
    v_is_append_only constant boolean := (
        select is_append_only from data.partition_rules where relation = _relation
    );
begin
    if v_is_append_only then
        execute format('grant truncate on %s to %I', v_relation, current_user);
    end if;
    if _is_whole then
        execute format('lock table only %s in access exclusive mode', v_relation);
    else
        execute format('lock table only %s in share row exclusive mode', v_relation);
    end if;
    if v_is_append_only then
        execute format('revoke truncate on %s from %I', v_relation, current_user);
    end if;
end;
$$;

-- Lifts the wall of the DEFAULT partition of a table for owner, or puts it back; nobody else has
-- the partition meanwhile. The table is locked first: a write that was on its way to the DEFAULT
-- partition would find its doors closed.
create or replace function core.stray_wall(_relation text, _is_up boolean)
returns void
language plpgsql
as $$
declare
    v_default constant regclass := _relation || '_default';
begin
    perform core.stray_lock(_relation);
    if _is_up then
        execute format('alter table %s force row level security', v_default);
    else
        execute format('alter table %s no force row level security', v_default);
    end if;
    if (select is_append_only from data.partition_rules where relation = _relation) then
        if _is_up then
            execute format('revoke delete, truncate on %s from %I', v_default, current_user);
        else
            execute format('grant delete, truncate on %s to %I', v_default, current_user);
        end if;
    end if;
end;
$$;

-- First days of the partitions that strays from _first_on up to _last_on wait for; none when there
-- are none, which the size of the DEFAULT partition tells without a look.
create or replace function core.stray_dates(
    _relation text, _step text, _first_on date, _last_on date
)
returns setof date
language plpgsql
as $$
declare
    v_default constant regclass := to_regclass(_relation || '_default');
    v_key record;
begin
    if pg_relation_size(v_default) = 0 then
        return;
    end if;
    select * into strict v_key from core.stray_key(_relation);
    perform core.stray_wall(_relation, false);
    return query execute format(
        'select distinct date_trunc(%L, %s)::date from %s where %s >= $1 and %s < $2 + 1',
        _step, v_key.moment, v_default, v_key.moment, v_key.moment
    ) using _first_on, _last_on;
    perform core.stray_wall(_relation, true);
end;
$$;

-- Moves strays from _from up to, not with, _to into a table that is made like theirs; how many.
create or replace function core.stray_move(_relation text, _into text, _from date, _to date)
returns bigint
language plpgsql
as $$
declare
    v_default constant regclass := to_regclass(_relation || '_default');
    v_columns text;
    v_key record;
    v_count bigint;
    v_is_empty boolean;
begin
    if pg_relation_size(v_default) = 0 then
        return 0;
    end if;
    select string_agg(quote_ident(attname), ', ' order by attnum) into v_columns
    from pg_catalog.pg_attribute
    where attrelid = v_default and attnum > 0 and not attisdropped and attgenerated = '';
    select * into strict v_key from core.stray_key(_relation);

    perform core.stray_wall(_relation, false);
    execute format(
        'with moved as (delete from %s where %s >= $1 and %s < $2 returning %s) '
        'insert into %s (%s) select * from moved',
        v_default, v_key.moment, v_key.moment, v_columns, to_regclass(_into), v_columns
    ) using _from, _to;
    get diagnostics v_count = row_count;
    execute format('select not exists (select from %s)', v_default) into v_is_empty;
    if v_is_empty then
        execute format('truncate %s', v_default);  -- from now on its size says that it is empty
    end if;
    perform core.stray_wall(_relation, true);
    return v_count;
end;
$$;
