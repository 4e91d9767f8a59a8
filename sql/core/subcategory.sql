-- Subcategories as their owner edits them: what a booking was for, in a category.

-- What api functions say of a subcategory, in the words of api.route.
create or replace function core.subcategory_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "integer",
        "name": "text",
        "category_id": "integer",
        "category": "text",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- The one subcategory as json, or null.
create or replace function core.subcategory_json(_user_id bigint, _subcategory_id bigint)
returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'version', subcategory.version,
        'id', subcategory.id,
        'name', subcategory.name,
        'category_id', subcategory.category_id,
        'category', category.name,
        'created_at', subcategory.created_at,
        'updated_at', subcategory.updated_at
    )
    from data.subcategories as subcategory
    inner join data.categories as category
        on category.user_id = subcategory.user_id and category.id = subcategory.category_id
    where subcategory.user_id = _user_id
      and subcategory.id = _subcategory_id;
$$;

-- True when the category is the user's and has room for one more. Whoever adds or moves waits here
-- for the one before. Errors: PT404 with category_id, PT409 with _field when there are 200 in it.
create or replace function core.subcategory_room(
    _user_id bigint, _category_id bigint, _field text
)
returns boolean
language plpgsql
as $$
begin
    perform core.user_hold(_user_id);
    perform core.check_known(
        'category_id',
        'category',
        exists (select from data.categories where user_id = _user_id and id = _category_id)
    );
    if (
        select count(*) from data.subcategories
        where user_id = _user_id and category_id = _category_id
    ) >= 200 then
        raise exception 'There are 200 subcategories in this category'
            using errcode = 'PT409', column = _field;
    end if;
    return true;
end;
$$;

-- Adds a subcategory to a category and returns its key. Errors: PT404 with category_id, PT409 with
-- name when the category has it, in any case, or is full.
create or replace function core.subcategory_add(_user_id bigint, _category_id bigint, _name text)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform core.subcategory_room(_user_id, _category_id, 'name');
    insert into data.subcategories (user_id, category_id, name)
    values (_user_id, _category_id, _name)
    on conflict (user_id, category_id, lower(name)) do nothing
    returning id into v_id;
    if v_id is null then
        raise exception 'This category has a subcategory of this name'
            using errcode = 'PT409', column = 'name';
    end if;
    return v_id;
end;
$$;

-- Renames a subcategory, moves it to another category, or both; returns its key. What is filed
-- under it stays under it. Errors: PT404 no such subcategory; with category_id, no such category;
-- PT409 with name or category_id when that category has the name or is full; PT412 another version;
-- PT422 with the field.
create or replace function core.subcategory_edit(
    _user_id bigint,
    _subcategory_id bigint,
    _patch jsonb,
    _name text,
    _category_id bigint,
    _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_category_id bigint;
    v_id bigint;
begin
    perform core.check_kept(_patch, '{name,category_id}');
    v_category_id := core.check_found(
        'subcategory',
        (
            select category_id from data.subcategories
            where user_id = _user_id and id = _subcategory_id
        )
    );
    if _category_id <> v_category_id then
        perform core.subcategory_room(_user_id, _category_id, 'category_id');
    end if;
    update data.subcategories as subcategory
    set version = core.version_raised(subcategory.version, _if_match),
        name = coalesce(_name, subcategory.name),
        category_id = coalesce(_category_id, subcategory.category_id),
        updated_at = now()
    where subcategory.user_id = _user_id
      and subcategory.id = _subcategory_id
    returning subcategory.id into v_id;
    return core.check_found('subcategory', v_id);
exception when unique_violation then
    raise exception 'This category has a subcategory of this name' using
        errcode = 'PT409',
        column = case when _name is null then 'category_id' else 'name' end;
end;
$$;

-- Drops a subcategory and returns its key. What is filed under it goes to subcategory _move_to;
-- without one, nothing may be filed there. Errors: PT404 no such subcategory, the field is move_to
-- for the other one; PT409 with move_to when something is filed under it and none is named; PT412
-- another version; PT422 with move_to when both are one.
create or replace function core.subcategory_drop(
    _user_id bigint,
    _subcategory_id bigint,
    _move_to bigint default null,
    _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_gone constant bigint[] := array[_subcategory_id];
    v_refusal constant text :=
        'Something is filed under this subcategory: name in move_to the subcategory that takes it';
    v_id bigint;
    v_version integer;
begin
    select id, version into v_id, v_version
    from data.subcategories
    where user_id = _user_id and id = _subcategory_id;
    perform core.check_found('subcategory', v_id), core.version_check(v_version, _if_match);
    if _move_to is not null then
        perform
            core.refile_check(_user_id, v_gone, _move_to),
            core.refile_write(_user_id, v_gone, _move_to, v_change_no);
    end if;
    perform core.refile_empty(_user_id, v_gone, v_refusal);
    delete from data.subcategories
    where user_id = _user_id
      and id = _subcategory_id
      and core.version_check(version, _if_match)
    returning id into v_id;
    return core.check_found('subcategory', v_id);
exception when foreign_key_violation then
    raise exception '%', v_refusal using errcode = 'PT409', column = 'move_to';
end;
$$;
