-- Currencies of accounts: no rate is known here, so money never moves between two of them, and what
-- was booked in one does not become another.

-- True when the account may have this currency from now on; a null or equal one changes nothing.
-- Locks the account, so that what is on its way in this moment waits, or is seen.
-- Errors: PT409 with currency when anything is booked or scheduled on the account.
create or replace function core.currency_check(
    _user_id bigint, _account_id bigint, _currency text
)
returns boolean
language plpgsql
as $$
begin
    if _currency is null then
        return true;
    end if;
    perform from data.accounts
    where user_id = _user_id and id = _account_id and currency <> _currency
    for update;
    if found and core.usage_exists(_user_id, _account_id) then
        raise exception
            'Bookings or recurring items use this account: open another one in that currency'
            using errcode = 'PT409', column = 'currency';
    end if;
    return true;
end;
$$;

-- True when both accounts have one currency, or no second one is named. Errors: PT422 with
-- to_account_id.
create or replace function core.currency_same(
    _user_id bigint, _account_id bigint, _to_account_id bigint
)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    return core.check_rule(
        'to_account_id',
        _to_account_id is null or (
            select count(distinct currency) = 1
            from data.accounts
            where user_id = _user_id and id in (_account_id, _to_account_id)
        ),
        'Both accounts of a transfer have one currency'
    );
end;
$$;

-- The same, and locks them, by key, so that they keep it until the item is written.
-- Errors: PT422 with to_account_id.
create or replace function core.currency_shared(
    _user_id bigint, _account_id bigint, _to_account_id bigint
)
returns boolean
language plpgsql
as $$
begin
    if _to_account_id is null then
        return true;
    end if;
    perform from data.accounts
    where user_id = _user_id and id in (_account_id, _to_account_id)
    order by id
    for key share;
    return core.currency_same(_user_id, _account_id, _to_account_id);
end;
$$;

-- The currency of what may be linked to an account: the account's; else the one that is said, else
-- the owner's. Locks the account, so that it keeps its currency until the row is written.
-- Errors: PT404 with account_id, PT422 with currency when another one is said.
create or replace function core.currency_linked(
    _user_id bigint, _account_id bigint, _currency text
)
returns text
language plpgsql
as $$
declare
    v_currency text;
begin
    if _account_id is null then
        return coalesce(_currency, (select currency from data.users where id = _user_id));
    end if;
    select currency into v_currency from data.accounts
    where user_id = _user_id and id = _account_id
    for key share;
    perform
        core.check_known('account_id', 'account', v_currency is not null),
        core.check_rule(
            'currency', coalesce(_currency = v_currency, true),
            'The account is in another currency'
        );
    return v_currency;
end;
$$;
