-- E-mail addresses: one spelling each, whose they are, and whether that was proved.

-- The one spelling of an e-mail that is stored and looked up: compatibility forms folded, lower
-- case.
-- Folded twice, because lower() can leave a letter that normalize() folds again.
create or replace function core.email_folded(_email text)
returns text
language sql immutable parallel safe
as $$
    select lower(normalize(lower(normalize(btrim(_email), nfkc)), nfkc));
$$;

-- Key of the user with this e-mail, however it is spelled, or null.
create or replace function core.email_owner(_email text)
returns bigint
language sql stable parallel safe
as $$
    select user_id from data.user_emails where email = core.email_folded(_email);
$$;

-- The user with this e-mail, as whom the transaction goes on; null, and nobody, for an unknown one.
create or replace function core.email_take(_email text)
returns bigint
language sql volatile
as $$
    select core.identity_take(core.email_owner(_email));
$$;
call core.identity_taker(
    'core.email_take(text)', 'who logs in or asks for a reset is known by an address alone'
);

-- One row: the address of a user, and when it was proved; none for an unknown user.
create or replace function core.email_row(_user_id bigint)
returns table (email text, verified_at timestamptz)
language sql stable parallel safe
as $$
    select email, verified_at from data.user_emails where user_id = _user_id;
$$;

-- True while another mail may go to this address that anybody can cause; counts it. What is over
-- the limit is not sent, and nobody is told.
create or replace function core.email_may(_email text)
returns boolean
language sql volatile
as $$
    select core.attempt_take('mail_address', core.email_folded(_email)) = 0;
$$;

-- The same for who asks from a source that the user has logged in from: counted for that source, so
-- that what strangers can have mailed to an address does not keep its owner out.
create or replace function core.email_may_from(_email text, _user_id bigint, _client_ip inet)
returns boolean
language sql volatile
as $$
    select core.attempt_take(
        'mail_address',
        core.email_folded(_email) || case
            when core.session_knows(coalesce(_user_id, 0), _client_ip)
                then ' ' || core.source_text(_client_ip)
            else ''
        end
    ) = 0;
$$;

-- Mails a token that proves the address of a user, for a day; it takes the place of older ones.
-- Returns the key of the message.
create or replace function core.email_challenge(_user_id bigint, _email text)
returns bigint
language plpgsql
as $$
declare
    v_email constant text := core.email_folded(_email);
    v_token constant text := core.secret_token(_user_id);
begin
    delete from data.email_verifications where user_id = _user_id and used_at is null;
    insert into data.email_verifications (user_id, email, token_hash, expires_at)
    values (_user_id, v_email, core.secret_hash(v_token), now() + interval '1 day');
    return core.message_add(
        _user_id, 'mail', v_email, 'email_verification', jsonb_build_object('token', v_token)
    );
end;
$$;

-- Notes that a user has proved their address; true when it was not proved before.
create or replace function core.email_prove(_user_id bigint, _email text)
returns boolean
language sql
as $$
    with proved as (
        update data.user_emails
        set verified_at = now()
        where user_id = _user_id and email = _email and verified_at is null
        returning email
    )
    select exists (select from proved);
$$;

-- The user who proved an address with a mailed token. Errors: PT422 with token: used, too old,
-- unknown, or replaced by a newer one.
create or replace function core.email_confirm(_token text)
returns bigint
language plpgsql
as $$
declare
    v_user_id constant bigint := core.secret_take(_token);
    v_email text;
begin
    update data.email_verifications
    set used_at = now()
    where user_id = v_user_id
      and token_hash = core.secret_hash(_token)
      and used_at is null
      and expires_at > now()
    returning email into v_email;
    perform core.check_rule(
        'token', v_email is not null, 'This token was used, is too old, or is not known'
    );
    perform core.email_prove(v_user_id, v_email);
    return v_user_id;
end;
$$;
