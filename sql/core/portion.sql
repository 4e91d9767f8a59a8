-- Many allocations of a budget at once: all of them or none.

-- Sets many allocations of a budget at once, all or none: those that are there are edited, others
-- added, unnamed ones stay. _items: objects with subcategory_id, amount and optional is_recurring,
-- is_carried, version. Returns how many were added and edited.
-- Errors: PT404 no such budget; PT404, PT412 and PT422 with the place: items[3].subcategory_id.
create or replace function core.portion_set(_user_id bigint, _budget_id bigint, _items jsonb)
returns table (added_count bigint, edited_count bigint)
language plpgsql
as $$
begin
    perform core.budget_check(_user_id, _budget_id);
    -- Allocations before subcategories, as core.refile_write has them, each in the order of keys:
    -- so no two writes wait in a ring.
    perform from data.budget_allocations
    where user_id = _user_id and budget_id = _budget_id
    order by subcategory_id
    for no key update;
    perform from data.subcategories
    where user_id = _user_id
      and id in (select (item ->> 'subcategory_id')::bigint from jsonb_array_elements(_items) item)
    order by id
    for key share;
    perform core.portion_check(_user_id, _budget_id, _items);

    return query
    with written as (
        insert into data.budget_allocations as known (
            user_id, budget_id, subcategory_id, amount, is_recurring, is_carried
        )
        select
            _user_id, _budget_id, item.subcategory_id, item.amount,
            coalesce(item.is_recurring, false), coalesce(item.is_carried, true)
        from jsonb_to_recordset(_items) as item (
            subcategory_id bigint, amount numeric, is_recurring boolean, is_carried boolean
        )
        order by item.subcategory_id
        on conflict (user_id, budget_id, subcategory_id) do update
        set version = known.version + 1,
            amount = excluded.amount,
            is_recurring = coalesce(
                (
                    select item.is_recurring
                    from jsonb_to_recordset(_items) as item (
                        subcategory_id bigint, is_recurring boolean
                    )
                    where item.subcategory_id = excluded.subcategory_id
                ),
                known.is_recurring
            ),
            is_carried = coalesce(
                (
                    select item.is_carried
                    from jsonb_to_recordset(_items) as item (
                        subcategory_id bigint, is_carried boolean
                    )
                    where item.subcategory_id = excluded.subcategory_id
                ),
                known.is_carried
            ),
            updated_at = now()
        returning known.version
    )
    select count(*) filter (where version = 1), count(*) filter (where version > 1)
    from written;
end;
$$;

-- True when every item of core.portion_set can be written. Errors: see there.
create or replace function core.portion_check(
    _user_id bigint, _budget_id bigint, _items jsonb
)
returns boolean
language plpgsql stable
as $$
declare
    v_fault record;
begin
    select item.place - 1 as place, fault.*
    into v_fault
    from rows from (
        jsonb_to_recordset(_items) as (subcategory_id bigint, amount numeric, version bigint)
    ) with ordinality as item (subcategory_id, amount, version, place)
    left join data.subcategories as subcategory
        on subcategory.user_id = _user_id and subcategory.id = item.subcategory_id
    left join data.budget_allocations as known
        on known.user_id = _user_id
        and known.budget_id = _budget_id
        and known.subcategory_id = item.subcategory_id
    cross join lateral (
        values
            (
                subcategory.id is null, 'PT404', 'subcategory_id', 'No such subcategory'
            ),
            (
                (item.amount between 0 and 999999999999.99) is not true, 'PT422', 'amount',
                'amount must be between 0 and 999999999999.99'
            ),
            (
                item.version <> coalesce(known.version, 0), 'PT412', 'version',
                'This was edited meanwhile: read it again'
            ),
            (
                exists (
                    select
                    from jsonb_array_elements(_items) with ordinality as other (item, place)
                    where other.place < item.place
                      and (other.item ->> 'subcategory_id')::bigint = item.subcategory_id
                ),
                'PT422', 'subcategory_id', 'This subcategory stands in an earlier row'
            )
    ) as fault (is_broken, status, field, sentence)
    where fault.is_broken
    order by item.place
    limit 1;
    if found then
        raise exception '%', v_fault.sentence
            using
                errcode = v_fault.status,
                column = format('items[%s].%s', v_fault.place, v_fault.field);
    end if;
    return true;
end;
$$;
