-- What changed in a ledger since a moment: for a phone that keeps a copy. A moment is a place in
-- the changes, by number of the write and key, and the number at which the copy was begun.

-- A page of changes after a place. Shape: one row per booking that was written or dropped later, by
-- (change_no, id). What was dropped before the copy was begun is left out: the copy never had it.
create or replace function core.sync_page(
    _user_id bigint, _change_no bigint, _id bigint, _began_no bigint, _limit integer
)
returns table (change_no bigint, id bigint, is_dropped boolean)
language plpgsql stable parallel safe
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
    return query
    select change.change_no, change.id, change.is_dropped
    from (
        (
            select change_no, id, false as is_dropped
            from data.transactions
            where user_id = _user_id
              and (change_no, id) > (_change_no, _id)
            order by change_no, id
            limit _limit
        )
        union all
        (
            select change_no, id, true
            from data.dropped_transactions
            where user_id = _user_id
              and (change_no, id) > (_change_no, _id)
              and change_no > _began_no
            order by change_no, id
            limit _limit
        )
    ) as change
    order by change.change_no, change.id
    limit _limit;
end;
$$;

-- A page of changes as the route answers it: {items, next_cursor, has_more}. _cursor is
-- "change_no.id.began_no" or null to begin; next_cursor is a moment to ask from, always.
create or replace function core.sync_json(_user_id bigint, _cursor text, _limit integer)
returns json
language plpgsql stable
as $$
declare
    v_began_no constant bigint := coalesce(
        split_part(_cursor, '.', 3)::bigint, core.clock_read(_user_id)
    );
begin
    return (
        with changes as (
            select change_no, id, is_dropped
            from core.sync_page(
                _user_id, coalesce(split_part(_cursor, '.', 1)::bigint, 0),
                coalesce(split_part(_cursor, '.', 2)::bigint, 0), v_began_no, _limit + 1
            )
        ),
        shown as (
            select change_no, id, is_dropped
            from changes
            order by change_no, id
            limit _limit
        ),
        items as (
            select
                change_no,
                id,
                case
                    when is_dropped then json_build_object(
                        'id', id, 'change_no', change_no, 'is_dropped', true
                    )
                    else json_build_object(
                        'id', id, 'change_no', change_no, 'is_dropped', false,
                        'transaction', core.ledger_json(_user_id, id)
                    )
                end as item
            from shown
        )
        select json_build_object(
            'items', coalesce(json_agg(item order by change_no, id), '[]'),
            'next_cursor', coalesce(
                (array_agg(change_no || '.' || id order by change_no desc, id desc))[1]
                || '.' || v_began_no,
                _cursor,
                '0.0.' || v_began_no
            ),
            'has_more', (select count(*) > _limit from changes)
        )
        from items
    );
end;
$$;
