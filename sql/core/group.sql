-- Categories as their owner edits them: groups of subcategories, each name once.

-- What api functions say of a category, in the words of api.route.
create or replace function core.group_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "integer",
        "name": "text",
        "subcategories": [{"version": "integer", "id": "integer", "name": "text"}]
    }'::jsonb;
$$;

-- The one category as json, or null.
create or replace function core.group_json(_user_id bigint, _category_id bigint)
returns json
language sql stable parallel safe
as $$
    select to_json(category)
    from core.category_rows(_user_id, _category_id - 1, 1) as category
    where category.id = _category_id;
$$;

-- Adds a category without subcategories and returns its key.
-- Errors: PT409 with name when the user has it, in any case, or 500 categories: a list shows them
-- all, each with all that is in it.
create or replace function core.group_add(_user_id bigint, _name text)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform core.user_hold(_user_id);
    if (select count(*) from data.categories where user_id = _user_id) >= 500 then
        raise exception 'There are 500 categories: drop one first'
            using errcode = 'PT409', column = 'name';
    end if;
    insert into data.categories (user_id, name)
    values (_user_id, _name)
    on conflict (user_id, lower(name)) do nothing
    returning id into v_id;
    if v_id is null then
        raise exception 'There is a category of this name'
            using errcode = 'PT409', column = 'name';
    end if;
    return v_id;
end;
$$;

-- Renames a category and returns its key; no name changes nothing but the version.
-- Errors: PT404 no such category, PT409 with name when another one has it, PT412 another version,
-- PT422 with name.
create or replace function core.group_edit(
    _user_id bigint,
    _category_id bigint,
    _patch jsonb,
    _name text,
    _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform core.check_kept(_patch, '{name}');
    update data.categories as category
    set version = core.version_raised(category.version, _if_match),
        name = coalesce(_name, category.name),
        updated_at = now()
    where category.user_id = _user_id
      and category.id = _category_id
    returning category.id into v_id;
    return core.check_found('category', v_id);
exception when unique_violation then
    raise exception 'There is a category of this name'
        using errcode = 'PT409', column = 'name';
end;
$$;

-- Drops a category with its subcategories and returns its key. What is filed under them goes to
-- subcategory _move_to of another category; without one, nothing may be filed there.
-- Errors: PT404 no such category; with move_to, no such subcategory; PT409 with move_to when
-- something is filed under it and none is named; PT412 another version; PT422 with move_to when it
-- would go as well.
create or replace function core.group_drop(
    _user_id bigint,
    _category_id bigint,
    _move_to bigint default null,
    _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_id bigint;
    v_version integer;
    v_gone bigint[];
    v_refusal constant text :=
        'Something is filed under this category: name in move_to the subcategory that takes it';
begin
    select id, version into v_id, v_version
    from data.categories
    where user_id = _user_id and id = _category_id;
    perform core.check_found('category', v_id), core.version_check(v_version, _if_match);
    v_gone := array(
        select id from data.subcategories
        where user_id = _user_id and category_id = _category_id
    );
    if _move_to is not null then
        perform
            core.refile_check(_user_id, v_gone, _move_to),
            core.refile_write(_user_id, v_gone, _move_to, v_change_no);
    end if;
    perform core.refile_empty(_user_id, v_gone, v_refusal);
    delete from data.categories
    where user_id = _user_id
      and id = _category_id
      and core.version_check(version, _if_match)
    returning id into v_id;
    return core.check_found('category', v_id);
exception when foreign_key_violation then
    raise exception '%', v_refusal using errcode = 'PT409', column = 'move_to';
end;
$$;
