-- Time zones: names that the tz database knows.

-- True when PostgreSQL knows the zone by a name of the tz database. Errors: PT422 with timezone.
-- Trying is the test: reading pg_timezone_names opens every file of the tz database (80 ms).
-- Digits are refused outside Etc, because PostgreSQL takes any word with one for a POSIX zone.
create or replace function core.timezone_check(_timezone text)
returns boolean
language plpgsql stable
as $$
begin
    if _timezone !~ '^([A-Z][A-Za-z_]*(/[A-Za-z_-]+)*|Etc/GMT[+-]?[0-9]{1,2})$' then
        raise exception using errcode = '22023';
    end if;
    perform now() at time zone _timezone;
    return true;
exception
    when invalid_parameter_value then
        raise exception 'timezone must be a name of the tz database, such as America/New_York'
            using errcode = 'PT422', column = 'timezone';
end;
$$;
