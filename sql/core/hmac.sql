-- Keyed hashes (RFC 2104), of what the server's own SHA-256 gives: no extension is needed.

-- HMAC-SHA-256 of _message under _key; 32 bytes. A key beyond 64 bytes is hashed first, as RFC 2104
-- has it. bit_send writes four bytes of length before the bits, and a shorter key is filled with
-- zeros by the cast. 0x36 and 0x5c are the paddings of RFC 2104, section 2.
create or replace function core.hmac_sha256(_key bytea, _message bytea)
returns bytea
language sql immutable strict parallel safe
as $$
    select sha256(
        substring(bit_send(block # ('x' || repeat('5c', 64))::bit(512)) from 5)
        || sha256(
            substring(bit_send(block # ('x' || repeat('36', 64))::bit(512)) from 5) || _message
        )
    )
    from (
        select (
            'x' || encode(case when octet_length(_key) > 64 then sha256(_key) else _key end, 'hex')
        )::bit(512) as block
    ) as blocks;
$$;
