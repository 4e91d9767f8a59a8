select plan(7);

insert into data.users (id) values (-1);

select matches(core.secret_text(), '^[A-Za-z0-9_-]{43}$', 'a secret is 43 characters of base64url');
select is(
    (select count(distinct core.secret_text())::integer from generate_series(1, 1000)), 1000,
    'no secret comes twice'
);
select is(
    (
        select count(distinct substr(core.secret_text(), 43, 1))::integer
        from generate_series(1, 300)
    ),
    16, 'the last character carries four bits: 32 bytes are 256 bits'
);
select matches(core.secret_token(-1), '^-1\.[A-Za-z0-9_-]{43}$', 'a token begins with its user');
select is(
    encode(core.secret_hash('abc'), 'hex'),
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    'what is kept of it is SHA-256 (FIPS 180, B.1)'
);
select is(core.secret_take('-1.x'), -1::bigint, 'a token names its user');
select is(
    current_setting('app.user_id'), '-1', 'as whom the transaction goes on: the hash says the rest'
);

select * from finish();
