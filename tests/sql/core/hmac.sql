-- The test vectors of RFC 4231, sections 4.2 to 4.8.
select plan(8);

select is(
    encode(core.hmac_sha256(decode(repeat('0b', 20), 'hex'), 'Hi There'), 'hex'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    'case 1: a key of 20 bytes'
);
select is(
    encode(core.hmac_sha256('Jefe', 'what do ya want for nothing?'), 'hex'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    'case 2: a key shorter than the hash'
);
select is(
    encode(
        core.hmac_sha256(
            decode(repeat('aa', 20), 'hex'), decode(repeat('dd', 50), 'hex')
        ), 'hex'
    ),
    '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
    'case 3: bytes that are no text'
);
select is(
    encode(
        core.hmac_sha256(
            '\x0102030405060708090a0b0c0d0e0f10111213141516171819'::bytea,
            decode(repeat('cd', 50), 'hex')
        ), 'hex'
    ),
    '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
    'case 4: a key of 25 bytes'
);
select is(
    encode(
        substring(
            core.hmac_sha256(decode(repeat('0c', 20), 'hex'), 'Test With Truncation') for 16
        ), 'hex'
    ),
    'a3b6167473100ee06e0c796c2955552b',
    'case 5: the first 16 bytes'
);
select is(
    encode(
        core.hmac_sha256(
            decode(repeat('aa', 131), 'hex'),
            'Test Using Larger Than Block-Size Key - Hash Key First'
        ), 'hex'
    ),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    'case 6: a key beyond the block is hashed first'
);
select is(
    encode(
        core.hmac_sha256(
            decode(repeat('aa', 131), 'hex'),
            'This is a test using a larger than block-size key and a larger than block-size data. '
            'The key needs to be hashed before being used by the HMAC algorithm.'
        ), 'hex'
    ),
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
    'case 7: key and message beyond the block'
);
select is(core.hmac_sha256(null, 'Hi There'), null::bytea, 'without a key there is no hash');

select * from finish();
