-- People by the hundred: how a load signs them up.

-- Signs many users up at once, with the template categories; returns their addresses and keys.
-- _emails and _full_names are of one length. Errors: 23505 when an address is taken.
create or replace function core.people_take(
    _emails text[], _full_names text[], _currency text, _timezone text, _country text
)
returns table (email text, user_id bigint)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_people bigint[];
begin
    with people as materialized (
        select
            nextval(pg_get_serial_sequence('data.users', 'id')) as id,
            core.email_folded(person.email) as email,
            person.full_name
        from unnest(_emails, _full_names) as person (email, full_name)
    ),
    added as (
        insert into data.users (id, full_name, currency, timezone, country)
        select id, full_name, _currency, _timezone, _country from people
    ),
    addressed as (
        insert into data.user_emails (email, user_id)
        select email, id from people
        returning user_id
    )
    select array_agg(user_id) into v_people from addressed;
    perform core.category_copy(v_people);

    return query
    select email, user_id from data.user_emails where user_id = any (v_people);
end;
$$;
