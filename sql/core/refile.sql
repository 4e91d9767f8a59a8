-- Filing anew: all that stands under some subcategories goes to another one, in one transaction.

-- True when the user has subcategory _move_to and it is none of those that are emptied.
-- Errors: PT404 and PT422 with move_to.
create or replace function core.refile_check(
    _user_id bigint, _from_ids bigint[], _move_to bigint
)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    perform core.check_known(
        'move_to',
        'subcategory',
        exists (
            select from data.subcategories where user_id = _user_id and id = _move_to
        )
    );
    return core.check_rule(
        'move_to', _move_to <> all (_from_ids), 'move_to is a subcategory that stays'
    );
end;
$$;

-- True when no budget gives anything to subcategories that are about to go. It holds them, so that
-- no allocation comes meanwhile: allocations would go with them, without a word of the foreign key.
-- Errors: PT409 with move_to and _message.
create or replace function core.refile_empty(_user_id bigint, _ids bigint[], _message text)
returns boolean
language plpgsql
as $$
begin
    perform from data.subcategories
    where user_id = _user_id and id = any (_ids)
    order by id
    for update;
    if exists (
        select from data.budget_allocations
        where user_id = _user_id and subcategory_id = any (_ids)
    ) then
        raise exception '%', _message using errcode = 'PT409', column = 'move_to';
    end if;
    return true;
end;
$$;

-- Files under _to_id what stands under _from_ids: bookings, parts of bookings, recurring items,
-- rules and allocations. Every booking that shows another subcategory now has _change_no, from
-- core.clock_tick, and another version. Returns how many bookings those are. A split booking has no
-- subcategory itself, so no booking is written twice. What is forgotten here is held by its foreign
-- key: then the subcategory cannot be dropped. plpgsql, because other topics write what is theirs.
create or replace function core.refile_write(
    _user_id bigint, _from_ids bigint[], _to_id bigint, _change_no bigint
)
returns bigint
language plpgsql
as $$
declare
    v_count bigint;
begin
    with filed as (
        update data.transactions
        set version = version + 1,
            change_no = _change_no,
            subcategory_id = _to_id,
            updated_at = now()
        where user_id = _user_id
          and subcategory_id = any (_from_ids)
        returning 1
    ),
    parts as (
        update data.transaction_splits
        set subcategory_id = _to_id
        where user_id = _user_id
          and subcategory_id = any (_from_ids)
        returning transaction_id
    ),
    split as (
        update data.transactions as booking
        set version = booking.version + 1,
            change_no = _change_no,
            updated_at = now()
        from (select distinct transaction_id from parts) as part
        where booking.user_id = _user_id
          and booking.id = part.transaction_id
        returning 1
    ),
    items as (
        update data.recurring_items
        set version = version + 1,
            subcategory_id = _to_id,
            updated_at = now()
        where user_id = _user_id
          and subcategory_id = any (_from_ids)
    )
    select (select count(*) from filed) + (select count(*) from split) into v_count;

    perform core.ruleset_move(_user_id, one, _to_id), core.allocation_move(_user_id, one, _to_id)
    from unnest(_from_ids) as one;
    return v_count;
end;
$$;
