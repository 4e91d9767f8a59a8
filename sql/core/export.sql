-- Everything that a user owns, as rows to take along. The tables come from the catalogue, so that a
-- new one is never forgotten; what opens a door (hashes, salts) stays here.

-- Tables that name an owner and are left out, each for a reason.
create or replace function core.export_left()
returns table (relation text, reason text)
language sql immutable parallel safe
as $$
    values
        ('data.client_addresses', 'where to look for what data.access_grants says'),
        ('data.staged_rows', 'rows of a file on their way in: its owner has the file'),
        ('data.expectation_samples', 'windows of bookings, for as long as a fit is being made'),
        ('data.expectation_states', 'made of the bookings, and made again when it is asked for'),
        ('data.messages', 'what is on its way carries tokens, which only the address may learn');
$$;

-- Columns that are never exported, wherever they stand: secrets, their hashes, numbers of users.
create or replace function core.export_hidden(_column text)
returns boolean
language sql immutable parallel safe
as $$
    select _column ~ '(^|_)(hash|salt|secret)$' or _column in ('user_id', 'chain');
$$;

-- Tables that name an owner, by name: the owner's column, the columns that order its rows (its
-- primary key), and the columns of that key as typed text.
create or replace function core.export_tables()
returns table (relation text, owner text, keys text[], types text[])
language sql stable
as $$
    select
        class.oid::regclass::text,
        attribute.attname::text,
        key.names,
        key.types
    from pg_catalog.pg_class as class
    inner join pg_catalog.pg_attribute as attribute
        on attribute.attrelid = class.oid and not attribute.attisdropped
        and attribute.attname = case class.relname when 'users' then 'id' else 'user_id' end
    cross join lateral (
        select
            array_agg(part.attname::text order by place) as names,
            array_agg(part.atttypid::regtype::text order by place) as types
        from pg_catalog.pg_index as index
        cross join lateral unnest(index.indkey::smallint[]) with ordinality as keyed (number, place)
        inner join pg_catalog.pg_attribute as part
            on part.attrelid = class.oid and part.attnum = keyed.number
        where index.indrelid = class.oid and index.indisprimary
    ) as key
    where class.relnamespace::regnamespace::text = 'data'
      and class.relkind in ('r', 'p')
      and not class.relispartition
      and class.oid::regclass::text not in (
          select left_out.relation from core.export_left() as left_out
      )
    order by 1;
$$;

-- Rows of one table after a place in it, _limit at most: the place (the primary key as a list of
-- texts) and the row. _after null begins.
create or replace function core.export_rows(
    _user_id bigint,
    _relation text,
    _owner text,
    _keys text[],
    _types text[],
    _after text[],
    _limit integer
)
returns table (place jsonb, item jsonb)
language plpgsql stable
as $$
declare
    v_key text;
    v_place text;
    v_after text;
    -- Of the log, whose key begins with the chain and not with the owner.
    v_chain constant text := case
        when _keys[1] = 'chain' then ' and item.chain = core.audit_chain($1, null)' else ''
    end;
begin
    select
        string_agg(format('item.%I', name), ', ' order by number),
        string_agg(format('item.%I::text', name), ', ' order by number),
        string_agg(format('($2)[%s]::%s', number, type), ', ' order by number)
    into v_key, v_place, v_after
    from unnest(_keys, _types) with ordinality as part (name, type, number);
    -- Names come from the catalogue, values from $1 (owner), $2 (place) and $3 (limit).
    return query execute format(
        'select to_jsonb(array[%s]), to_jsonb(item) from %s as item'
        ' where item.%I = $1%s and ($2 is null or (%s) > (%s)) order by %s limit $3',
        v_place, _relation, _owner, v_chain, v_key, v_after, v_key
    )
    using _user_id, _after, _limit;
end;
$$;

-- The place where a page of an export goes on, as text that needs no quoting.
create or replace function core.export_cursor(_relation text, _place jsonb)
returns text
language sql immutable parallel safe
as $$
    select translate(
        encode(convert_to(jsonb_build_array(_relation, _place)::text, 'UTF8'), 'base64'),
        e'+/=\n', '-_'
    );
$$;

-- What core.export_cursor made: table and place. Errors: PT422 with cursor for anything else.
create or replace function core.export_place(_cursor text, out relation text, out place text[])
language plpgsql immutable parallel safe
as $$
declare
    v_text constant text := translate(_cursor, '-_', '+/');
    v_list jsonb;
begin
    if _cursor is null then
        return;
    end if;
    v_list := convert_from(
        decode(v_text || repeat('=', (4 - length(v_text) % 4) % 4), 'base64'), 'UTF8'
    )::jsonb;
    relation := v_list ->> 0;
    place := array(select jsonb_array_elements_text(v_list -> 1));
exception
    when others then
        raise exception 'cursor must be the next_cursor of an earlier page'
            using errcode = 'PT422', column = 'cursor';
end;
$$;

-- A page of everything, table after table, and the cursor of the next one. A row is what its table
-- holds, without what core.export_hidden keeps back.
create or replace function core.export_page(_user_id bigint, _cursor text, _limit integer)
returns json
language plpgsql stable
as $$
declare
    v_from record;
    v_items json[] := '{}';
    v_next text;
    v_table record;
    v_page record;
begin
    select start.relation, start.place into v_from from core.export_place(_cursor) as start;
    -- A loop, because each table has columns of its own; it ends when the page is full.
    for v_table in
        select source.*
        from core.export_tables() as source
        where v_from.relation is null or source.relation >= v_from.relation
        order by source.relation
    loop
        select
            coalesce(
                array_agg(
                    json_build_object(
                        'table', split_part(v_table.relation, '.', 2),
                        'row', core.export_bare(line.item - v_table.owner)
                    )
                    order by line.number
                ) filter (where line.number <= room.lines),
                '{}'
            ) as items,
            (array_agg(line.place order by line.number))[room.lines] as last_place,
            count(*) > room.lines as is_more
        into v_page
        from (select _limit - cardinality(v_items) as lines) as room
        cross join lateral core.export_rows(
            _user_id, v_table.relation, v_table.owner, v_table.keys, v_table.types,
            case when v_table.relation = v_from.relation then nullif(v_from.place, '{}') end,
            room.lines + 1
        ) with ordinality as line (place, item, number)
        group by room.lines;
        continue when v_page is null;
        v_items := v_items || v_page.items;
        if v_page.is_more then
            v_next := core.export_cursor(v_table.relation, coalesce(v_page.last_place, '[]'));
            exit;
        end if;
    end loop;
    return json_build_object('items', array_to_json(v_items), 'next_cursor', v_next);
end;
$$;

-- A row without its hidden columns.
create or replace function core.export_bare(_row jsonb)
returns jsonb
language sql immutable parallel safe
as $$
    select jsonb_object_agg(field.key, field.value)
    from jsonb_each(_row) as field
    where not core.export_hidden(field.key);
$$;
