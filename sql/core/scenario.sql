-- Scenarios that are saved by name. What one of them does to a plan is in stack.sql.

-- The user's scenarios with keys above _after_id, by key, under the names of the wire.
create or replace function core.scenario_page(_user_id bigint, _after_id bigint, _limit integer)
returns table (
    version integer,
    id bigint,
    name text,
    changes jsonb,
    created_at timestamptz,
    updated_at timestamptz
)
language sql stable parallel safe
as $$
    select version, id, name, changes, created_at, updated_at
    from data.scenarios
    where user_id = _user_id
      and id > _after_id
    order by id
    limit _limit;
$$;

-- A row of core.scenario_page as the wire has it: the lists that a scenario holds beside its name.
create or replace function core.scenario_said(
    _version integer,
    _id bigint,
    _name text,
    _changes jsonb,
    _created_at timestamptz,
    _updated_at timestamptz
)
returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'version', _version,
        'id', _id,
        'name', _name,
        'added', coalesce(_changes -> 'added', '[]'),
        'changed', coalesce(_changes -> 'changed', '[]'),
        'removed', coalesce(_changes -> 'removed', '[]'),
        'paused', coalesce(_changes -> 'paused', '[]'),
        'purchases', coalesce(_changes -> 'purchases', '[]'),
        'goals', coalesce(_changes -> 'goals', '[]'),
        'balance', _changes -> 'balance',
        'created_at', _created_at,
        'updated_at', _updated_at
    );
$$;

-- The one scenario as json, or null.
create or replace function core.scenario_json(_user_id bigint, _scenario_id bigint)
returns json
language sql stable parallel safe
as $$
    select core.scenario_said(
        page.version, page.id, page.name, page.changes, page.created_at, page.updated_at
    )
    from core.scenario_page(_user_id, _scenario_id - 1, 1) as page
    where page.id = _scenario_id;
$$;

-- True when each of them is a scenario of the user's.
create or replace function core.scenario_known(_user_id bigint, _scenario_ids bigint[])
returns boolean
language sql stable parallel safe
as $$
    select not exists (
        select
        from unnest(_scenario_ids) as asked (id)
        where not exists (
            select from data.scenarios where user_id = _user_id and id = asked.id
        )
    );
$$;

-- What of a body is the changes of a scenario: its lists and its balance, but for nulls and lists
-- of nothing.
create or replace function core.scenario_kept(_body jsonb)
returns jsonb
language sql immutable parallel safe
as $$
    select coalesce(jsonb_object_agg(field.key, field.value), '{}')
    from jsonb_each(_body) as field
    where field.key = any ('{added,changed,removed,paused,purchases,goals,balance}')
      and field.value not in ('null', '[]');
$$;

-- True when the changes could be laid upon the schedule as it is and say something.
-- Errors: PT422, PT404 and PT409 with the place, see core.stack_row.
create or replace function core.scenario_check(_user_id bigint, _changes jsonb)
returns boolean
language plpgsql stable
as $$
declare
    v_today constant date := core.user_today(_user_id);
begin
    perform core.check_rule(
        'added', core.layer_count(_changes) > 0, 'A scenario changes something'
    );
    perform from core.stack_row(
        _user_id, v_today, v_today, '{}', core.stack_items(_user_id), null, null, null,
        _changes, false
    );
    return true;
end;
$$;

-- Saves a scenario and returns its key. Locks the user, so that two that are saved at once are
-- counted one after the other. Errors: as core.scenario_check; PT409 with name when there is one of
-- that name, or 100 of them.
create or replace function core.scenario_add(_user_id bigint, _name text, _changes jsonb)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform core.scenario_check(_user_id, _changes);
    perform from data.users where id = _user_id for no key update;
    if (select count(*) >= 100 from data.scenarios where user_id = _user_id) then
        raise exception 'At most 100 scenarios are saved: drop one first'
            using errcode = 'PT409', column = 'name';
    end if;
    insert into data.scenarios (user_id, name, changes)
    values (_user_id, _name, _changes)
    on conflict (user_id, lower(name)) do nothing
    returning id into v_id;
    if v_id is null then
        raise exception 'There is a scenario of that name' using errcode = 'PT409', column = 'name';
    end if;
    return v_id;
end;
$$;

-- Merges into a scenario: _name null keeps the name; of _patch, absent lists stay and null ones are
-- cleared. Checked as a whole when a list is named. Returns the key.
-- Errors: as core.scenario_add; PT404 no such scenario; PT412 another version.
create or replace function core.scenario_edit(
    _user_id bigint, _scenario_id bigint, _name text, _patch jsonb, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_old data.scenarios;
    v_changes jsonb;
begin
    v_old := (
        select scenario from data.scenarios as scenario
        where scenario.user_id = _user_id and scenario.id = _scenario_id
        for no key update
    );
    perform
        core.check_found('scenario', v_old.id),
        core.version_check(v_old.version, _if_match);
    v_changes := core.scenario_kept(v_old.changes || _patch);
    if v_changes <> v_old.changes then
        perform core.scenario_check(_user_id, v_changes);
    end if;
    update data.scenarios
    set version = v_old.version + 1,
        name = coalesce(_name, v_old.name),
        changes = v_changes,
        updated_at = now()
    where user_id = _user_id and id = _scenario_id;
    return _scenario_id;
exception
    when unique_violation then
        raise exception 'There is a scenario of that name' using errcode = 'PT409', column = 'name';
end;
$$;

-- Drops a scenario and returns its key. Errors: PT404 no such scenario, PT412 another version.
create or replace function core.scenario_drop(
    _user_id bigint, _scenario_id bigint, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    with dropped as (
        delete from data.scenarios
        where user_id = _user_id
          and id = _scenario_id
        returning id, version
    )
    select id into v_id from dropped where core.version_check(version, _if_match);
    return core.check_found('scenario', v_id);
end;
$$;
