-- Cursors of keyset pages: the place of the last row that was sent, as days since 2000-01-01 and
-- key.
-- A cursor says where to go on, not what to show: any well-formed one is a place in the caller's
-- own list.

-- The cursor of a row; lists that are ordered by key alone leave the day out.
create or replace function core.cursor_text(_id bigint, _on_day date default '2000-01-01')
returns text
language sql immutable parallel safe
as $$
    select (_on_day - date '2000-01-01') || '.' || _id;
$$;

-- True for null and for what core.cursor_text may have made. Errors: PT422 with cursor.
create or replace function core.cursor_check(_cursor text)
returns boolean
language plpgsql immutable parallel safe
as $$
begin
    if _cursor !~ '^-?[0-9]{1,5}\.[0-9]{1,18}$' then
        raise exception 'cursor must be the next_cursor of an earlier page'
            using errcode = 'PT422', column = 'cursor';
    end if;
    return true;
end;
$$;

-- Day of a checked cursor; null for none.
create or replace function core.cursor_day(_cursor text)
returns date
language sql immutable parallel safe
as $$
    select date '2000-01-01' + split_part(_cursor, '.', 1)::integer;
$$;

-- Key of a checked cursor; null for none.
create or replace function core.cursor_id(_cursor text)
returns bigint
language sql immutable parallel safe
as $$
    select split_part(_cursor, '.', 2)::bigint;
$$;
