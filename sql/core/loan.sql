-- Writing debts: a balance is said, or is what an account is below zero.

-- Adds a debt and returns its key; balance or account, one of the two. No currency: the account's,
-- else the owner's. Errors: PT404 with account_id, PT409 when there are 50 already, PT422 with the
-- field.
create or replace function core.loan_add(
    _user_id bigint,
    _name text,
    _apr numeric,
    _minimum_payment numeric,
    _balance numeric default null,
    _account_id bigint default null,
    _currency text default null
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform core.user_hold(_user_id);
    if (select count(*) >= 50 from data.debts where user_id = _user_id) then
        raise exception 'At most 50 debts: drop one first' using errcode = 'PT409';
    end if;
    perform core.loan_check(_balance, _account_id, _minimum_payment);
    insert into data.debts (
        user_id, name, account_id, balance, currency, apr, minimum_payment
    )
    values (
        _user_id, _name, _account_id, _balance,
        core.currency_linked(_user_id, _account_id, _currency), _apr, _minimum_payment
    )
    returning id into v_id;
    return v_id;
end;
$$;

-- True when a debt can be. Errors: PT422 with the field.
create or replace function core.loan_check(
    _balance numeric, _account_id bigint, _minimum_payment numeric
)
returns boolean
language plpgsql immutable parallel safe
as $$
begin
    perform
        core.check_rule(
            'balance', num_nonnulls(_balance, _account_id) = 1,
            'A debt has a balance or an account that says it: one of the two'
        ),
        core.check_range('balance', _balance, 0, 1000000000),
        core.check_range('minimum_payment', _minimum_payment, 0, 1000000000);
    return true;
end;
$$;

-- Merges what _patch names into a debt: absent keeps. Naming an account forgets the balance that
-- was said, and the other way round. Returns the key. Errors: PT404 no such debt, PT412 another
-- version, PT404 and PT422 with the field.
create or replace function core.loan_edit(
    _user_id bigint, _debt_id bigint, _patch jsonb, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_old data.debts;
    v_new data.debts;
begin
    perform core.check_kept(_patch, '{name,apr,minimum_payment,currency,is_active}');
    v_old := (
        select debt
        from data.debts as debt
        where debt.user_id = _user_id and debt.id = _debt_id
        for no key update
    );
    perform core.check_found('debt', v_old.id), core.version_check(v_old.version, _if_match);
    if jsonb_typeof(_patch -> 'balance') = 'number' and not _patch ? 'account_id' then
        v_old.account_id := null;
    elsif jsonb_typeof(_patch -> 'account_id') = 'number' and not _patch ? 'balance' then
        v_old.balance := null;
    end if;
    v_new := jsonb_populate_record(v_old, _patch - '{user_id,id,version}'::text[]);
    perform core.loan_check(v_new.balance, v_new.account_id, v_new.minimum_payment);
    update data.debts
    set version = version + 1,
        name = v_new.name,
        account_id = v_new.account_id,
        balance = v_new.balance,
        currency = core.currency_linked(
            _user_id, v_new.account_id,
            case when _patch ? 'currency' or v_new.account_id is null then v_new.currency end
        ),
        apr = v_new.apr,
        minimum_payment = v_new.minimum_payment,
        is_active = v_new.is_active,
        updated_at = now()
    where user_id = _user_id and id = _debt_id;
    return v_new.id;
end;
$$;

-- Drops a debt and returns its key; bookings and accounts stay. Errors: PT404 no such debt, PT412
-- another version.
create or replace function core.loan_drop(
    _user_id bigint, _debt_id bigint, _if_match bigint default null
)
returns bigint
language sql
as $$
    with dropped as (
        delete from data.debts
        where user_id = _user_id
          and id = _debt_id
        returning id, version
    )
    select core.check_found(
        'debt', (select id from dropped where core.version_check(version, _if_match))
    );
$$;
