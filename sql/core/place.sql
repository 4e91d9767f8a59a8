-- Places in a list of bookings: a cursor names its order and is none of another.

-- The cursor of a booking in a list of that order; the newest first have the form of other lists.
create or replace function core.place_text(
    _order text, _amount_cents bigint, _on_day date, _id bigint
)
returns text
language sql immutable parallel safe
as $$
    select case _order
        when 'newest' then core.cursor_text(_id, _on_day)
        when 'oldest' then 'o' || core.cursor_text(_id, _on_day)
        when 'largest' then 'l' || _amount_cents || '.' || core.cursor_text(_id, _on_day)
        else 's' || _amount_cents || '.' || core.cursor_text(_id, _on_day)
    end;
$$;

-- True for null and for what core.place_text may have made of that order. Errors: PT422 with
-- cursor.
create or replace function core.place_check(_cursor text, _order text)
returns boolean
language plpgsql immutable parallel safe
as $$
begin
    if _cursor !~ (case _order
        when 'newest' then '^-?[0-9]{1,5}\.[0-9]{1,18}$'
        when 'oldest' then '^o-?[0-9]{1,5}\.[0-9]{1,18}$'
        when 'largest' then '^l-?[0-9]{1,14}\.-?[0-9]{1,5}\.[0-9]{1,18}$'
        else '^s-?[0-9]{1,14}\.-?[0-9]{1,5}\.[0-9]{1,18}$'
    end) then
        raise exception 'cursor must be the next_cursor of an earlier page in the same order'
            using errcode = 'PT422', column = 'cursor';
    end if;
    return true;
end;
$$;

-- Amount in cents of a checked cursor in an order of amounts; null for none.
create or replace function core.place_cents(_cursor text)
returns bigint
language sql immutable parallel safe
as $$
    select case
        when left(_cursor, 1) in ('l', 's') then split_part(substr(_cursor, 2), '.', 1)::bigint
    end;
$$;

-- Day and key of a checked cursor of any order, in the form of core.cursor_text; null for none.
create or replace function core.place_tail(_cursor text)
returns text
language sql immutable parallel safe
as $$
    select case left(_cursor, 1)
        when 'o' then substr(_cursor, 2)
        when 'l' then split_part(_cursor, '.', 2) || '.' || split_part(_cursor, '.', 3)
        when 's' then split_part(_cursor, '.', 2) || '.' || split_part(_cursor, '.', 3)
        else _cursor
    end;
$$;
