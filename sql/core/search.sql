-- Text in a ledger: every word must begin a word of the booking's description, counterparty or
-- comment. Words are runs of letters and digits, without case and accents: punctuation is nothing,
-- not a wildcard. The index has them by owner and span of 32 days.

-- The statement that finds keys: walk looks at the next bookings in order, else spans of the index
-- are asked. Parameters are those of core.sheet_filters, then $14 the query with @ before each word
-- and $15 the spans, or how many bookings a walk looks at.
create or replace function core.search_query(_partition regclass, _order text, _is_walk boolean)
returns text
language sql stable parallel safe
as $$
    select format(
        case when _is_walk then $text$
            select
                array_agg(found.id order by found.transaction_date %2$s, found.id %2$s)
                    filter (where found.is_match),
                count(*)
            from (
                select booking.id, booking.transaction_date, %4$s @@ replace(
                    $14, '@', to_hex($1) || '.'
                    || to_hex((booking.transaction_date - date '2000-01-01') / 32) || '.'
                )::tsquery as is_match
                from (
                    select
                        booking.user_id, booking.id, booking.transaction_date,
                        booking.description, booking.counterparty, booking.comment
                    from %1$s as booking
                    where booking.user_id = $1
                      and %3$s
                    order by booking.transaction_date %2$s, booking.id %2$s
                    limit $15
                ) as booking
            ) as found
        $text$
        else $text$
            select array_agg(found.id order by found.transaction_date %2$s, found.id %2$s)
            from (
                select booking.id, booking.transaction_date
                from unnest($15) as span
                cross join lateral (
                    select booking.id, booking.transaction_date
                    from %1$s as booking
                    where %4$s @@ replace(
                            $14, '@', to_hex($1) || '.' || to_hex(span) || '.'
                        )::tsquery
                      -- The index is searched by words alone: nothing else may look tempting.
                      and booking.user_id + 0 = $1
                      and %3$s
                ) as booking
                order by booking.transaction_date %2$s, booking.id %2$s
                limit $13
            ) as found
        $text$ end,
        _partition,
        case _order when 'newest' then 'desc' else 'asc' end,
        core.sheet_filters('booking', _order),
        core.lexeme_text()
    );
$$;

-- Keys of the bookings that hold all words, in an order of days, at most _limit, after a cursor.
-- First the next bookings in order are looked at, twice as many as asked for: what stands in most
-- bookings fills its page so. Then spans are asked, more at a time the fewer there are to find.
-- plpgsql, because how far to go depends on what was found.
create or replace function core.search_keys(
    _user_id bigint,
    _text text,
    _order text,
    _from date,
    _to date,
    _account_id bigint,
    _subcategory_ids bigint[],
    _least_cents bigint,
    _most_cents bigint,
    _is_pending boolean,
    _tag text,
    _on_day date,
    _id bigint,
    _limit integer
)
returns bigint[]
language plpgsql stable
set enable_seqscan = off
as $$
declare
    v_query constant text := (
        select string_agg('''@' || word || ''':*', ' & ')
        from unnest(core.lexeme_words(_text)) as word
    );
    v_partition regclass;
    v_first date;
    v_last date;
    v_spans integer[];
    v_keys bigint[];
    v_found bigint[] := '{}';
    v_count bigint;
    v_size integer := 1;
begin
    select booking.tableoid, booking.transaction_date into v_partition, v_first
    from data.transactions as booking
    where booking.user_id = _user_id
    order by booking.transaction_date, booking.id
    limit 1;
    if v_query is null or v_partition is null then
        return '{}';
    end if;
    v_last := (
        select max(transaction_date) from data.transactions where user_id = _user_id
    );
    v_first := greatest(v_first, _from, case when _order = 'oldest' then _on_day end);
    v_last := least(v_last, _to, case when _order = 'newest' then _on_day end);

    execute core.search_query(v_partition, _order, true)
    into v_found, v_count
    using
        _user_id, _from, _to, _account_id, _subcategory_ids, _least_cents, _most_cents,
        _is_pending, _tag, null::bigint, _on_day, _id, _limit, v_query, 2 * _limit;
    if cardinality(v_found) >= _limit or v_count < 2 * _limit then
        return coalesce(v_found[:_limit], '{}');
    end if;

    v_found := '{}';
    v_spans := array(
        select span
        from generate_series(
            (v_first - date '2000-01-01') / 32, (v_last - date '2000-01-01') / 32
        ) as span
        order by case _order when 'newest' then -span else span end
    );
    while cardinality(v_spans) > 0 and cardinality(v_found) < _limit loop
        execute core.search_query(v_partition, _order, false)
        into v_keys
        using
            _user_id, _from, _to, _account_id, _subcategory_ids, _least_cents, _most_cents,
            _is_pending, _tag, null::bigint, _on_day, _id, _limit - cardinality(v_found), v_query,
            v_spans[:v_size];
        v_found := v_found || coalesce(v_keys, '{}');
        v_spans := v_spans[v_size + 1:];
        v_size := least(4 * v_size, 64);
    end loop;
    return v_found;
end;
$$;
call core.cross_owner(
    'core.search_keys(bigint,text,text,date,date,bigint,bigint[],bigint,bigint,boolean,text,date,'
    'bigint,integer)',
    'row-level security keeps words from searching an index; keys of one owner alone come back'
);
