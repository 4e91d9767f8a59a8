-- Categories: what a new user starts with, and how a name is found again.

-- Gives every user of _user_ids the template categories; returns how many subcategories were made.
-- A category or subcategory that the user has by that name already stays as it is.
create or replace function core.category_copy(_user_ids bigint[])
returns bigint
language sql
as $$
    with owners as (
        select distinct user_id from unnest(_user_ids) as user_id
    ),
    groups as (
        select category, min(position) as position
        from data.category_templates
        group by category
    ),
    made as (
        insert into data.categories (user_id, name)
        select owners.user_id, groups.category
        from owners
        cross join groups
        order by owners.user_id, groups.position
        on conflict (user_id, lower(name)) do nothing
        returning user_id, id, name
    ),
    known as (
        select user_id, id, name from made
        union all
        select category.user_id, category.id, category.name
        from owners
        inner join data.categories as category on category.user_id = owners.user_id
    ),
    filled as (
        insert into data.subcategories (user_id, category_id, name)
        select known.user_id, known.id, template.subcategory
        from known
        inner join data.category_templates as template
            on lower(template.category) = lower(known.name)
        order by known.user_id, template.position
        on conflict (user_id, category_id, lower(name)) do nothing
        returning 1
    )
    select count(*) from filled;
$$;

-- Key of the user's subcategory of that name, or null. _category narrows it to one group.
-- The oldest one answers when two groups hold the name.
create or replace function core.category_find(
    _user_id bigint, _subcategory text, _category text default null
)
returns bigint
language sql stable parallel safe
as $$
    select subcategory.id
    from data.categories as category
    inner join data.subcategories as subcategory
        on subcategory.user_id = category.user_id and subcategory.category_id = category.id
    where category.user_id = _user_id
      and lower(subcategory.name) = lower(_subcategory)
      and (_category is null or lower(category.name) = lower(_category))
    order by subcategory.id
    limit 1;
$$;

-- True when the subcategory is the user's or none is named. Errors: PT404 with subcategory_id.
create or replace function core.category_check(_user_id bigint, _subcategory_id bigint)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    return _subcategory_id is null or core.check_known(
        'subcategory_id',
        'subcategory',
        exists (
            select from data.subcategories
            where user_id = _user_id and id = _subcategory_id
        )
    );
end;
$$;

-- It was without version before, and the type of its rows cannot be changed in place.
drop function if exists core.category_rows(bigint, bigint, integer);

-- A page of the user's categories by key, each with its subcategories: [{version, id, name}] by
-- key.
create or replace function core.category_rows(_user_id bigint, _after_id bigint, _limit integer)
returns table (version integer, id bigint, name text, subcategories json)
language sql stable parallel safe
as $$
    select
        category.version,
        category.id,
        category.name,
        coalesce(
            (
                select json_agg(
                    json_build_object(
                        'version', subcategory.version,
                        'id', subcategory.id,
                        'name', subcategory.name
                    )
                    order by subcategory.id
                )
                from data.subcategories as subcategory
                where subcategory.user_id = _user_id and subcategory.category_id = category.id
            ),
            '[]'
        )
    from data.categories as category
    where category.user_id = _user_id
      and category.id > _after_id
    order by category.id
    limit _limit;
$$;

-- Names of one of the user's subcategories and of its group: one row, or none.
create or replace function core.category_names(_user_id bigint, _subcategory_id bigint)
returns table (subcategory text, category text)
language sql stable parallel safe
as $$
    select subcategory.name, category.name
    from data.subcategories as subcategory
    inner join data.categories as category
        on category.user_id = subcategory.user_id and category.id = subcategory.category_id
    where subcategory.user_id = _user_id
      and subcategory.id = _subcategory_id;
$$;
