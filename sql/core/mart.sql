-- Summaries over many users: made anew on demand, beside their readers.

-- Makes every materialized view of mart anew and notes as of when. Readers go on reading the rows
-- of before. One refresh of a view at a time: whoever comes meanwhile does not wait, and is told
-- busy. Shape: one row a view by name: refreshed or busy, milliseconds and rows (null when busy).
-- Errors: 42501 when the steward may not make temporary tables in this database (grant temporary on
-- database … to steward: a copy of a database does not take that along).
create or replace function core.mart_refresh()
returns table (relation text, outcome text, took_ms integer, row_count bigint)
language plpgsql
as $$
declare
    v_began timestamptz;
begin
    -- A loop, because each view is made by a statement of its own.
    for relation in
        select view.matviewname from pg_catalog.pg_matviews as view
        where view.schemaname = 'mart'
        order by view.matviewname
    loop
        outcome := 'busy';
        took_ms := null;
        row_count := null;
        if pg_try_advisory_xact_lock(hashtextextended('core.mart_refresh ' || relation, 0)) then
            v_began := clock_timestamp();
            execute format('refresh materialized view concurrently mart.%I', relation);
            execute format('select count(*) from mart.%I', relation) into row_count;
            outcome := 'refreshed';
            took_ms := extract(epoch from clock_timestamp() - v_began) * 1000;
            insert into data.mart_refreshes as known (relation, refreshed_at, took_ms, row_count)
            values (mart_refresh.relation, v_began, mart_refresh.took_ms, mart_refresh.row_count)
            on conflict on constraint mart_refreshes_pkey do update set
                refreshed_at = excluded.refreshed_at,
                took_ms = excluded.took_ms,
                row_count = excluded.row_count;
        end if;
        return next;
    end loop;
end;
$$;
call core.cross_owner(
    'core.mart_refresh()', 'a summary over many users is made of the rows of all'
);
