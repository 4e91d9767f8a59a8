-- Versions: how often a row was edited, and whether an edit means the row as it stands.

-- True when no version was named, or this one. Errors: PT412 the row was edited meanwhile.
create or replace function core.version_check(_version integer, _if_match bigint)
returns boolean
language plpgsql immutable parallel safe
as $$
begin
    if _version <> _if_match then
        raise exception 'This was edited meanwhile: read it again'
            using errcode = 'PT412', hint = 'changed_meanwhile';
    end if;
    return true;
end;
$$;

-- The version after this one, for the update itself: whoever waited for the row is asked again, by
-- PostgreSQL, with the version that stands by then. Errors: PT412 the row was edited meanwhile.
create or replace function core.version_raised(_version integer, _if_match bigint)
returns integer
language plpgsql immutable parallel safe
as $$
begin
    perform core.version_check(_version, _if_match);
    return _version + 1;
end;
$$;
