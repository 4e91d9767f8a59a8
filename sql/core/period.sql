-- Budget periods: stretches of days that are budgeted. No two active ones of an owner overlap: the
-- table refuses it, whoever writes; the functions take one write of an owner after the other, so
-- that two at once never wait for each other in a ring.

-- The user's periods before a place, the last to start first, under the names of the wire.
create or replace function core.period_page(
    _user_id bigint, _before_on date, _before_id bigint, _limit integer
)
returns table (
    version integer,
    id bigint,
    kind text,
    starts_on date,
    ends_on date,
    is_active boolean,
    created_at timestamptz,
    updated_at timestamptz
)
language sql stable parallel safe
as $$
    select version, id, kind, starts_on, ends_on, is_active, created_at, updated_at
    from data.budget_periods
    where user_id = _user_id
      and (starts_on, id) < (_before_on, _before_id)
    order by starts_on desc, id desc
    limit _limit;
$$;

-- What api functions say of a period, in the words of api.route.
create or replace function core.period_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "integer",
        "kind": "monthly|quarterly|yearly|custom",
        "starts_on": "date",
        "ends_on": "date",
        "is_active": "boolean",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- The one period as json, or null.
create or replace function core.period_json(_user_id bigint, _budget_period_id bigint)
returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'version', version,
        'id', id,
        'kind', kind,
        'starts_on', starts_on,
        'ends_on', ends_on,
        'is_active', is_active,
        'created_at', created_at,
        'updated_at', updated_at
    )
    from data.budget_periods
    where user_id = _user_id
      and id = _budget_period_id;
$$;

-- Key of the active period that holds a day, or null. Active periods never overlap, so only the
-- last one that began by then can hold it.
create or replace function core.period_active(_user_id bigint, _as_of date)
returns bigint
language sql stable parallel safe
as $$
    select last.id
    from (
        select id, ends_on
        from data.budget_periods
        where user_id = _user_id
          and is_active
          and starts_on <= _as_of
        order by starts_on desc
        limit 1
    ) as last
    where last.ends_on >= _as_of;
$$;

-- Adds a period and returns its key. No ends_on: as its kind has it. plpgsql, because it refuses
-- before it writes. Errors: PT422 with the field; PT409 with starts_on when an active one overlaps.
create or replace function core.period_add(
    _user_id bigint,
    _kind text,
    _starts_on date,
    _ends_on date default null,
    _is_active boolean default true
)
returns bigint
language plpgsql
as $$
declare
    v_ends_on constant date := coalesce(_ends_on, core.term_end(_kind, _starts_on));
    v_id bigint;
begin
    perform core.term_check(_kind, _starts_on, v_ends_on);
    perform core.user_hold(_user_id);
    insert into data.budget_periods (user_id, kind, starts_on, ends_on, is_active)
    values (_user_id, _kind, _starts_on, v_ends_on, _is_active)
    returning id into v_id;
    return v_id;
exception when exclusion_violation then
    perform core.term_refuse();
end;
$$;

-- Merges what _patch names into a period: absent keeps; another kind or first day moves the end of
-- one that is not custom. Returns the key. Errors: PT404 no such budget period, PT412 another
-- version, PT422 with the field, PT409 with starts_on when an active one overlaps.
create or replace function core.period_edit(
    _user_id bigint, _budget_period_id bigint, _patch jsonb, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_old data.budget_periods;
    v_new data.budget_periods;
begin
    perform core.check_kept(_patch, '{kind,starts_on,ends_on,is_active}');
    perform core.user_hold(_user_id);
    v_old := (
        select period
        from data.budget_periods as period
        where period.user_id = _user_id and period.id = _budget_period_id
        for no key update
    );
    perform
        core.check_found('budget period', v_old.id),
        core.version_check(v_old.version, _if_match);
    v_new := jsonb_populate_record(v_old, _patch - '{user_id,id,version}'::text[]);
    if not _patch ? 'ends_on' and _patch ?| '{kind,starts_on}' then
        v_new.ends_on := coalesce(core.term_end(v_new.kind, v_new.starts_on), v_new.ends_on);
    end if;
    perform core.term_check(v_new.kind, v_new.starts_on, v_new.ends_on);
    update data.budget_periods
    set version = version + 1,
        kind = v_new.kind,
        starts_on = v_new.starts_on,
        ends_on = v_new.ends_on,
        is_active = v_new.is_active,
        updated_at = now()
    where user_id = _user_id and id = _budget_period_id;
    return v_new.id;
exception when exclusion_violation then
    perform core.term_refuse();
end;
$$;

-- Drops a period that no budget is made for, and returns its key. Errors: PT404 no such budget
-- period, PT409 it has budgets, PT412 another version.
create or replace function core.period_drop(
    _user_id bigint, _budget_period_id bigint, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
    v_version integer;
begin
    select id, version into v_id, v_version from data.budget_periods
    where user_id = _user_id and id = _budget_period_id
    for update;
    perform core.check_found('budget period', v_id), core.version_check(v_version, _if_match);
    if exists (
        select from data.budgets
        where user_id = _user_id and budget_period_id = _budget_period_id
    ) then
        raise exception 'Budgets are made for this period: drop them first, or put it away'
            using errcode = 'PT409';
    end if;
    delete from data.budget_periods where user_id = _user_id and id = _budget_period_id;
    return v_id;
end;
$$;
