-- Where a request comes from: who holds one address of an IPv6 /64 holds them all.

-- The address, or the /64 of an IPv6 address, as text; null for none.
create or replace function core.source_text(_client_ip inet)
returns text
language sql immutable parallel safe
as $$
    select network(
        set_masklen(_client_ip, case family(_client_ip) when 6 then 64 else 32 end)
    )::text;
$$;
