-- Is the shape of an answer written in known words? A typo stops the apply, not the first reader.
-- The same language is read by service/openapi/shapes.py, which makes JSON Schema of it.

-- One sentence per fault of a shape, none when it can be read.
-- Walks from the shape to its leaves, one level at a time.
create or replace function core.shape_faults(_shape jsonb)
returns setof text
language sql immutable parallel safe
as $$
    with recursive nodes as (
        select 'data' as place, _shape as node
        union all
        select child.place, child.node
        from nodes
        cross join lateral (
            select nodes.place || '.' || member.key as place, member.value as node
            from jsonb_each(
                case jsonb_typeof(nodes.node) when 'object' then nodes.node else '{}' end
            ) as member
            union all
            select nodes.place || '[]' as place, item.value as node
            from jsonb_array_elements(
                case jsonb_typeof(nodes.node) when 'array' then nodes.node else '[]' end
            ) as item
        ) as child
    ),
    words as (
        select place, node, node #>> '{}' as word
        from nodes
    )
    select format(
        case jsonb_typeof(node)
            when 'string' then '%s: %s is not a known word'
            when 'array' then '%s: %s must have one shape for all its items'
            when 'object' then '%s: %s has a key that is no name of a field'
            else '%s: %s is neither a word, nor a list, nor an object'
        end,
        place, node
    )
    from words
    where case jsonb_typeof(node)
        when 'string' then word !~ (
            '^(integer|number|money|text|boolean|date|timestamp|uuid|object|any'
            '|[A-Za-z0-9_-]+(\|[A-Za-z0-9_-]+)+)\??$'
        )
        when 'array' then jsonb_array_length(node) <> 1
        when 'object' then exists (
            select from jsonb_object_keys(node) as key
            where key !~ '^[A-Za-z][A-Za-z0-9_]*\??$'
        )
        else true
    end;
$$;

-- The shape of a keyset page whose items have the shape _item.
create or replace function core.shape_page(_item jsonb)
returns jsonb
language sql immutable parallel safe
as $$
    select jsonb_build_object('items', jsonb_build_array(_item), 'next_cursor', 'text?');
$$;
