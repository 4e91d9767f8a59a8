-- Accounts: where the money lies, and the balance that every booking moves in its own statement.

-- True when the account is the user's. Errors: PT404 naming _field.
create or replace function core.account_check(_user_id bigint, _account_id bigint, _field text)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    return core.check_known(
        _field,
        'account',
        exists (select from data.accounts where user_id = _user_id and id = _account_id)
    );
end;
$$;

-- The user's accounts with keys above _after_id, by key, under the names of the wire.
create or replace function core.account_page(_user_id bigint, _after_id bigint, _limit integer)
returns table (
    version integer,
    id bigint,
    name text,
    type text,
    bank_name text,
    number_masked text,
    currency text,
    opening_balance numeric,
    opened_on date,
    current_balance numeric,
    is_active boolean,
    created_at timestamptz,
    updated_at timestamptz
)
language sql stable parallel safe
as $$
    select
        version,
        id,
        name,
        type,
        bank_name,
        number_masked,
        currency,
        opening_balance,
        opened_on,
        current_balance,
        is_active,
        created_at,
        updated_at
    from data.accounts
    where user_id = _user_id
      and id > _after_id
    order by id
    limit _limit;
$$;

-- What api functions say of an account, in the words of api.route.
create or replace function core.account_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "integer",
        "name": "text",
        "type": "checking|savings|credit|investment|cash|other",
        "bank_name": "text?",
        "number_masked": "text?",
        "currency": "text",
        "opening_balance": "money",
        "opened_on": "date",
        "current_balance": "money",
        "is_active": "boolean",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- The one account as json, or null.
create or replace function core.account_json(_user_id bigint, _account_id bigint)
returns json
language sql stable parallel safe
as $$
    select to_json(account)
    from core.account_page(_user_id, _account_id - 1, 1) as account
    where account.id = _account_id;
$$;

-- Opens an account and returns its key; its balance begins as the opening balance.
-- No currency: the owner's. No day: the owner's today.
create or replace function core.account_add(
    _user_id bigint,
    _name text,
    _type text default 'checking',
    _currency text default null,
    _opening_balance numeric default 0,
    _opened_on date default null,
    _bank_name text default null,
    _number_masked text default null
)
returns bigint
language sql
as $$
    insert into data.accounts (
        user_id, name, type, currency, opening_balance, opened_on, current_balance, bank_name,
        number_masked
    )
    select
        person.id,
        _name,
        _type,
        coalesce(_currency, person.currency),
        _opening_balance,
        coalesce(_opened_on, (now() at time zone person.timezone)::date),
        _opening_balance,
        _bank_name,
        _number_masked
    from data.users as person
    where person.id = _user_id
    returning id;
$$;

-- Merges what _patch names into the account: absent keeps, null clears what may be empty. A new
-- opening balance moves the current balance by the difference. Returns the key. Errors: PT404 no
-- such account, PT409 with currency when in use, PT412 another version, PT422 with the field.
create or replace function core.account_edit(
    _user_id bigint,
    _account_id bigint,
    _patch jsonb,
    _name text,
    _type text,
    _currency text,
    _opening_balance numeric,
    _opened_on date,
    _bank_name text,
    _number_masked text,
    _is_active boolean,
    _if_match bigint default null
)
returns bigint
language sql
as $$
    select
        core.check_kept(_patch, '{name,type,currency,opening_balance,opened_on,is_active}'),
        core.currency_check(_user_id, _account_id, _currency);

    with edited as (
        update data.accounts as account
        set version = core.version_raised(version, _if_match),
            name = coalesce(_name, name),
            type = coalesce(_type, type),
            currency = coalesce(_currency, currency),
            opening_balance = coalesce(_opening_balance, opening_balance),
            current_balance = core.balance_moved(
                current_balance, coalesce(_opening_balance, opening_balance) - opening_balance,
                'opening_balance'
            ),
            opened_on = coalesce(_opened_on, opened_on),
            bank_name = case when _patch ? 'bank_name' then _bank_name else bank_name end,
            number_masked = case
                when _patch ? 'number_masked' then _number_masked
                else number_masked
            end,
            is_active = coalesce(_is_active, is_active),
            updated_at = now()
        where user_id = _user_id
          and id = _account_id
        returning id
    )
    select core.check_found('account', (select id from edited));
$$;

-- Drops an account that nothing was booked on and nothing is scheduled on; returns its key.
-- An account with a history is put away with is_active instead: its bookings are what happened.
-- Errors: PT404 no such account, PT409 it is in use, PT412 another version.
create or replace function core.account_drop(
    _user_id bigint, _account_id bigint, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
    v_version integer;
begin
    -- The lock first: a booking on its way waits, or is seen below.
    select id, version into v_id, v_version from data.accounts
    where user_id = _user_id and id = _account_id
    for update;
    perform core.check_found('account', v_id), core.version_check(v_version, _if_match);

    if core.usage_exists(_user_id, _account_id) then
        raise exception 'Bookings, plans or rules use this account: set is_active to false'
            using errcode = 'PT409';
    end if;

    delete from data.accounts where user_id = _user_id and id = _account_id;
    return v_id;
end;
$$;
