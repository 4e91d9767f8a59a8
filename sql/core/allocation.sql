-- Allocations: what each subcategory is given in a budget; one envelope for each.

-- Gives a subcategory its part of a budget and returns the key of the allocation.
-- Errors: PT404 no such budget, or with subcategory_id; PT409 with subcategory_id when it has one;
-- PT422 with amount.
create or replace function core.allocation_add(
    _user_id bigint,
    _budget_id bigint,
    _subcategory_id bigint,
    _amount numeric,
    _is_recurring boolean default false,
    _is_carried boolean default true
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform
        core.check_range('amount', _amount, 0, 999999999999.99),
        core.budget_check(_user_id, _budget_id),
        core.category_check(_user_id, _subcategory_id);
    insert into data.budget_allocations (
        user_id, budget_id, subcategory_id, amount, is_recurring, is_carried
    )
    values (_user_id, _budget_id, _subcategory_id, _amount, _is_recurring, _is_carried)
    on conflict (user_id, budget_id, subcategory_id) do nothing
    returning id into v_id;
    if v_id is null then
        raise exception 'This subcategory has its part of the budget: edit that'
            using errcode = 'PT409', column = 'subcategory_id';
    end if;
    return v_id;
end;
$$;

-- Merges what _patch names into an allocation and returns its key. Errors: PT404 no such
-- allocation, PT412 another version, PT422 with the field.
create or replace function core.allocation_edit(
    _user_id bigint,
    _budget_id bigint,
    _budget_allocation_id bigint,
    _patch jsonb,
    _amount numeric,
    _is_recurring boolean,
    _is_carried boolean,
    _if_match bigint default null
)
returns bigint
language sql
as $$
    select
        core.check_kept(_patch, '{amount,is_recurring,is_carried}'),
        core.check_range('amount', _amount, 0, 999999999999.99);

    with edited as (
        update data.budget_allocations
        set version = core.version_raised(version, _if_match),
            amount = coalesce(_amount, amount),
            is_recurring = coalesce(_is_recurring, is_recurring),
            is_carried = coalesce(_is_carried, is_carried),
            updated_at = now()
        where user_id = _user_id
          and id = _budget_allocation_id
          and budget_id = _budget_id
        returning id
    )
    select core.check_found('allocation', (select id from edited));
$$;

-- Drops an allocation and returns its key: what is spent there is unallocated from now on.
-- Errors: PT404 no such allocation, PT412 another version.
create or replace function core.allocation_drop(
    _user_id bigint,
    _budget_id bigint,
    _budget_allocation_id bigint,
    _if_match bigint default null
)
returns bigint
language sql
as $$
    with dropped as (
        delete from data.budget_allocations
        where user_id = _user_id
          and id = _budget_allocation_id
          and budget_id = _budget_id
        returning id, version
    )
    select core.check_found(
        'allocation',
        (select id from dropped where core.version_check(version, _if_match))
    );
$$;

-- Takes what one subcategory is given over to another, in every budget; where the other has a part
-- already the amounts are added up, and it stays as it was otherwise. Returns how many were moved.
-- Errors: 22003 when a sum passes 999999999999.99.
create or replace function core.allocation_move(_user_id bigint, _from_id bigint, _to_id bigint)
returns bigint
language sql
as $$
    with locked as materialized (
        select id, budget_id, subcategory_id, amount
        from data.budget_allocations
        where user_id = _user_id
          and subcategory_id in (_from_id, _to_id)
          and _from_id <> _to_id
        order by budget_id, subcategory_id
        for update
    ),
    pairs as (
        select source.id, target.id as target_id, source.amount
        from locked as source
        left join locked as target
            on target.budget_id = source.budget_id and target.subcategory_id = _to_id
        where source.subcategory_id = _from_id
    ),
    merged as (
        update data.budget_allocations as target
        set version = target.version + 1,
            amount = target.amount + pairs.amount,
            updated_at = now()
        from pairs
        where target.user_id = _user_id
          and target.id = pairs.target_id
    ),
    dropped as (
        delete from data.budget_allocations as source
        using pairs
        where source.user_id = _user_id
          and source.id = pairs.id
          and pairs.target_id is not null
    ),
    renamed as (
        update data.budget_allocations as source
        set version = source.version + 1,
            subcategory_id = _to_id,
            updated_at = now()
        from pairs
        where source.user_id = _user_id
          and source.id = pairs.id
          and pairs.target_id is null
    )
    select count(*) from pairs;
$$;
