-- Clients of a coach: whose data they may read.

-- Owners whose live grants are for an address, by public id after _after: what they are called, and
-- all that may be read of them.
create or replace function core.client_rows(_email text, _after uuid, _limit integer)
returns table (id uuid, full_name text, scopes text[])
language sql stable
as $$
    select person.public_id, person.full_name, granted.scopes
    from data.client_addresses as known
    inner join data.users as person on person.id = known.user_id and person.is_active
    cross join lateral (
        select array_agg(distinct scope order by scope) as scopes
        from data.access_grants as item
        cross join lateral unnest(item.scopes) as scope
        where item.user_id = known.user_id
          and item.coach_email = known.coach_email
          and item.revoked_at is null
          and (item.expires_at is null or item.expires_at > now())
    ) as granted
    where known.coach_email = _email
      and (_after is null or known.public_id > _after)
      and granted.scopes is not null
    order by known.public_id
    limit _limit;
$$;
call core.cross_owner(
    'core.client_rows(text, uuid, integer)', 'a coach sees the names of those who let them read'
);
