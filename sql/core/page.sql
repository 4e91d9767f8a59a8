-- One page of a list: what every list answers, made in one place.

-- {items, next_cursor} of at most _limit items. _items and _cursors are of one length and in the
-- order of the list; one row more than the limit says that there is another page, which begins
-- after the last item that is answered. No rows (null): an empty page.
create or replace function core.page_json(_items json[], _cursors text[], _limit integer)
returns json
language sql immutable parallel safe
as $$
    select json_build_object(
        'items', coalesce(array_to_json(_items[:_limit]), '[]'),
        'next_cursor', case when cardinality(_cursors) > _limit then _cursors[_limit] end
    );
$$;
