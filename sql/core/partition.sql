-- Partitions by range of time: made before they are needed, taken away when their time is over. A
-- row for which there is none is a stray in the DEFAULT partition until its own is made. All of it
-- is run by owner, who alone may make relations. Months and days are those of UTC.

-- Name of the partition that begins on _first_on: data.table_2026_11 or data.table_2026_11_20.
create or replace function core.partition_name(_relation text, _step text, _first_on date)
returns text
language sql stable parallel safe
as $$
    select _relation || to_char(
        _first_on, case _step when 'day' then '_YYYY_MM_DD' else '_YYYY_MM' end
    );
$$;

-- The partitions that must be there on _today, by table and day: the present one and those ahead.
create or replace function core.partition_dates(_today date)
returns table (relation text, first_on date, partition text)
language sql stable parallel safe
as $$
    select
        rule.relation,
        first_on::date,
        core.partition_name(rule.relation, rule.step, first_on::date)
    from data.partition_rules as rule
    cross join lateral generate_series(
        date_trunc(rule.step, _today::timestamp),
        date_trunc(rule.step, _today::timestamp) + rule.ahead * ('1 ' || rule.step)::interval,
        ('1 ' || rule.step)::interval
    ) as first_on
    where to_regclass(rule.relation) is not null
    order by 1, 2;
$$;

-- What is wrong with the partitions on _today: one row per fault, by table. missing: the present
-- one or the next is not there; strays: rows lie in the DEFAULT partition.
create or replace function core.partition_faults(
    _today date default (now() at time zone 'UTC')::date
)
returns table (relation text, fault text)
language sql stable
as $$
    select distinct due.relation, 'missing'
    from core.partition_dates(_today) as due
    inner join data.partition_rules as rule on rule.relation = due.relation
    where due.first_on < _today + ('1 ' || rule.step)::interval
      and to_regclass(due.partition) is null
    union all
    select rule.relation, 'strays'
    from data.partition_rules as rule
    where pg_relation_size(to_regclass(rule.relation || '_default')) > 0
    order by 1, 2;
$$;

-- Makes one partition, with the walls of its table, and moves its strays into it; how many those
-- were. Errors: 55P03 the table is busy for longer than lock_timeout: run it again.
create or replace function core.partition_make(_relation text, _first_on date)
returns bigint
language plpgsql
as $$
declare
    v_rule record;
    v_next_on date;
    v_name text;
    v_midnight constant text := ' 00:00:00+00';
    v_count bigint;
begin
    select * into strict v_rule from data.partition_rules where relation = _relation;
    perform core.stray_lock(_relation);
    v_next_on := _first_on + ('1 ' || v_rule.step)::interval;
    v_name := split_part(core.partition_name(_relation, v_rule.step, _first_on), '.', 2);
    execute format(
        'create table data.%I (like %s including all excluding identity excluding indexes '
        'excluding comments)',
        v_name, to_regclass(_relation)
    );
    v_count := core.stray_move(_relation, format('data.%I', v_name), _first_on, v_next_on);
    execute format(
        'alter table %s attach partition data.%I for values from (%L) to (%L)',
        to_regclass(_relation), v_name, concat(_first_on, v_midnight), concat(v_next_on, v_midnight)
    );
    execute format('alter table data.%I enable row level security', v_name);
    execute format('alter table data.%I force row level security', v_name);
    if v_rule.is_append_only then
        execute format(
            'revoke update, delete, truncate on data.%I from %I, steward', v_name, current_user
        );
    end if;
    return v_count;
end;
$$;

-- Detaches a partition and notes the day; what the audit log loses is noted in the heads first. Its
-- rows can then be read by owner, who may want to put them by.
create or replace function core.partition_leave(_relation text, _partition text, _today date)
returns void
language plpgsql
as $$
declare
    v_partition constant regclass := _partition;
    v_first_at timestamp;
begin
    if _relation = 'data.verification_audit_log' then
        v_first_at := to_date(right(_partition, 7), 'YYYY_MM');
        perform core.trail_settle(
            v_first_at at time zone 'UTC', (v_first_at + interval '1 month') at time zone 'UTC'
        );
    end if;
    perform core.stray_lock(_relation, true);
    execute format('alter table %s no force row level security', v_partition);
    execute format('alter table %s detach partition %s', _relation::regclass, v_partition);
    execute format(
        'comment on table %s is %L', v_partition,
        format('reference: was a partition of %s until %s', _relation, _today)
    );
    insert into data.detached_partitions (relation, parent, detached_on)
    values (_partition, _relation, _today);
end;
$$;

-- Brings the partitions of every table of data.partition_rules to _today: made ahead, strays moved,
-- detached past retention, dropped after the grace. One row per thing done; none when all is well.
-- Can be run at any time by any number at once: the second waits and then finds nothing to do.
create or replace function core.partition_keep(
    _today date default (now() at time zone 'UTC')::date
)
returns table (partition text, action text)
language plpgsql
as $$
declare
    v_due record;
    v_count bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('core.partition_keep', 0));
    -- A loop, because each partition is made by statements of its own.
    for v_due in
        select due.relation, due.first_on, due.partition
        from core.partition_dates(_today) as due
        union
        select rule.relation, stray, core.partition_name(rule.relation, rule.step, stray)
        from data.partition_rules as rule
        cross join lateral core.stray_dates(
            rule.relation,
            rule.step,
            coalesce(
                (date_trunc(rule.step, _today::timestamp)
                    - rule.keeps * ('1 ' || rule.step)::interval)::date,
                '1900-01-01'
            ),
            (_today + (rule.ahead + 1) * ('1 ' || rule.step)::interval)::date
        ) as stray
        where to_regclass(rule.relation) is not null
        order by 1, 2
    loop
        continue when to_regclass(v_due.partition) is not null;
        v_count := core.partition_make(v_due.relation, v_due.first_on);
        partition := v_due.partition;
        action := case when v_count > 0 then format('made, %s strays', v_count) else 'made' end;
        return next;
    end loop;
    -- A loop, because each partition is detached by statements of its own.
    for v_due in
        select rule.relation, child.inhrelid::regclass::text as partition
        from data.partition_rules as rule
        inner join pg_catalog.pg_inherits as child
            on child.inhparent = to_regclass(rule.relation)
        where child.inhrelid::regclass::text ~ ('^' || rule.relation || '(_[0-9]+){2,3}$')
          and child.inhrelid::regclass::text < core.partition_name(
              rule.relation, rule.step,
              (date_trunc(rule.step, _today::timestamp)
                  - rule.keeps * ('1 ' || rule.step)::interval)::date
          ) collate "C"
        order by 2
    loop
        perform core.partition_leave(v_due.relation, v_due.partition, _today);
        partition := v_due.partition;
        action := 'detached';
        return next;
    end loop;
    -- A loop, because each table is dropped by a statement of its own.
    for v_due in
        delete from data.detached_partitions as detached
        using data.partition_rules as rule
        where rule.relation = detached.parent
          and detached.detached_on + rule.grace_days <= _today
        returning detached.relation as partition
    loop
        execute format('drop table if exists %s', to_regclass(v_due.partition));
        partition := v_due.partition;
        action := 'dropped';
        return next;
    end loop;
end;
$$;
