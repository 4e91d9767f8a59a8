-- Secrets that are handed out once: made here, kept as SHA-256. A token is <user_id>.<secret>, so
-- that it is looked up where its owner lives.

-- 43 characters of base64url, 32 bytes that nobody can guess: each of the three uuids brings 122
-- random bits from the server's generator.
create or replace function core.secret_text()
returns text
language sql volatile
as $$
    select translate(
        encode(
            sha256(
                uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
                || uuid_send(gen_random_uuid())
            ),
            'base64'
        ),
        '+/=', '-_'
    );
$$;

-- A new token of _user_id.
create or replace function core.secret_token(_user_id bigint)
returns text
language sql volatile
as $$
    select _user_id || '.' || core.secret_text();
$$;

-- What is kept of a token; 32 bytes.
create or replace function core.secret_hash(_token text)
returns bytea
language sql immutable parallel safe
as $$
    select sha256(convert_to(_token, 'UTF8'));
$$;

-- The user whom a token names, as whom the transaction goes on; that the token is good, its hash
-- alone can say.
create or replace function core.secret_take(_token text)
returns bigint
language sql volatile
as $$
    select core.identity_take(split_part(_token, '.', 1)::bigint);
$$;
call core.identity_taker(
    'core.secret_take(text)', 'a token of a mail names its user; only its hash opens anything'
);
