-- Signing up, so that nobody learns which addresses are known: the same work and the same answer,
-- and one mail to the address, which says what it was.

-- Signs a user up who is not known yet, and tells the address. Returns the key of the user whom the
-- address belongs to now. A known address costs the same: all but the address itself is written,
-- fails there, and is taken back. Errors: PT422 with timezone, 23514 a malformed address.
create or replace function core.registration_add(
    _email text,
    _password_hash text,
    _full_name text,
    _currency text,
    _timezone text,
    _locale text,
    _country text,
    out user_id bigint,
    out is_new boolean
)
language plpgsql
as $$
declare
    v_may_mail constant boolean := core.email_may(_email);
begin
    perform core.timezone_check(_timezone);
    begin
        user_id := core.user_add(_email, _full_name, _currency, _timezone);
        is_new := true;
        update data.users
        set password_hash = _password_hash, locale = _locale, country = _country
        where id = user_id;
        if v_may_mail then
            perform core.email_challenge(user_id, _email);
        end if;
    exception
        when sqlstate 'PT409' then
            is_new := false;
            user_id := core.email_take(_email);
            if v_may_mail then
                perform core.message_add(
                    user_id, 'mail', core.email_folded(_email), 'already_registered', '{}'
                );
            end if;
    end;
end;
$$;
