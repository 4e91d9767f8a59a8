-- What every bulk load needs of the database.

-- Looks at what a load wrote, so that its next step is planned by what is there. As owner, because
-- PostgreSQL before 17 lets nobody else analyze a table.
create or replace function core.load_analyze(_tables regclass[])
returns void
language plpgsql security definer
set search_path = ''
as $$
begin
    execute format('analyze %s', array_to_string(_tables, ', '));
end;
$$;
