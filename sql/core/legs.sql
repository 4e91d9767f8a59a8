-- Transfers by their legs: reading them, changing both at once, and taking them apart.

-- Transfers before a place, newest first by the day of the leg that leaves, then its key. Shape:
-- one row per transfer; amount is positive.
create or replace function core.legs_page(
    _user_id bigint, _before_on date, _before_id bigint, _limit integer
)
returns table (
    version integer,
    id bigint,
    amount numeric,
    transaction_date date,
    description text,
    from_account_id bigint,
    to_account_id bigint,
    arriving_id bigint,
    arrived_on date,
    is_pending boolean
)
language sql stable parallel safe
as $$
    select
        leaving.version,
        leaving.id,
        -leaving.amount,
        leaving.transaction_date,
        leaving.description,
        leaving.account_id,
        arriving.account_id,
        arriving.id,
        arriving.transaction_date,
        leaving.is_pending or arriving.is_pending is true
    from data.transactions as leaving
    left join data.transactions as arriving
        on arriving.user_id = leaving.user_id
        and arriving.transfer_id = leaving.id
        and arriving.id <> leaving.id
    where leaving.user_id = _user_id
      and leaving.transfer_id = leaving.id
      and (leaving.transaction_date, leaving.id) < (_before_on, _before_id)
    order by leaving.transaction_date desc, leaving.id desc
    limit _limit;
$$;

-- What api functions say of a transfer, in the words of api.route.
create or replace function core.legs_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "integer",
        "amount": "money",
        "transaction_date": "date",
        "description": "text",
        "from_account_id": "integer",
        "to_account_id": "integer?",
        "arriving_id": "integer?",
        "arrived_on": "date?",
        "is_pending": "boolean"
    }'::jsonb;
$$;

-- The one transfer as json, or null.
create or replace function core.legs_json(_user_id bigint, _transfer_id bigint)
returns json
language sql stable parallel safe
as $$
    select to_json(transfer)
    from data.transactions as leaving
    cross join lateral core.legs_page(
        _user_id, leaving.transaction_date, leaving.id + 1, 1
    ) as transfer
    where leaving.user_id = _user_id
      and leaving.id = _transfer_id
      and leaving.transfer_id = _transfer_id
      and transfer.id = _transfer_id;
$$;

-- Locks both legs and returns their keys. Errors: PT404 no such transfer, PT412 another version of
-- the leg that leaves.
create or replace function core.legs_lock(
    _user_id bigint, _transfer_id bigint, _if_match bigint
)
returns bigint[]
language plpgsql
as $$
declare
    v_ids bigint[];
    v_version integer;
begin
    select array_agg(leg.id), max(leg.version) filter (where leg.id = _transfer_id)
    into v_ids, v_version
    from (
        select id, version
        from data.transactions
        where user_id = _user_id and transfer_id = _transfer_id
        order by id
        for no key update
    ) as leg;
    perform core.check_found('transfer', v_ids), core.version_check(v_version, _if_match);
    return v_ids;
end;
$$;

-- Changes both legs of a transfer at once: absent (null) stays. Returns its key. Errors: PT404 no
-- such transfer, PT412 another version, PT422 with amount.
create or replace function core.legs_edit(
    _user_id bigint,
    _transfer_id bigint,
    _amount numeric,
    _transaction_date date,
    _description text,
    _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_ids constant bigint[] := core.legs_lock(_user_id, _transfer_id, _if_match);
begin
    perform core.check_range('amount', _amount, 0.01, 999999999999.99);
    with earlier as materialized (
        select id, account_id, amount
        from data.transactions
        where user_id = _user_id and id = any (v_ids)
    ),
    edited as (
        update data.transactions as leg
        set amount = coalesce(sign(leg.amount) * _amount, leg.amount),
            transaction_date = coalesce(_transaction_date, leg.transaction_date),
            description = coalesce(_description, leg.description),
            version = leg.version + 1,
            change_no = v_change_no,
            updated_at = now()
        where leg.user_id = _user_id
          and leg.id = any (v_ids)
        returning leg.id, leg.amount
    ),
    locked as materialized (
        select account.id, edited.amount - earlier.amount as moved
        from data.accounts as account
        inner join earlier on earlier.account_id = account.id
        inner join edited on edited.id = earlier.id
        where account.user_id = _user_id
        order by account.id
        for no key update of account
    )
    update data.accounts as account
    set current_balance = core.balance_moved(account.current_balance, locked.moved),
        updated_at = now()
    from locked
    where account.user_id = _user_id
      and account.id = locked.id
      and locked.moved <> 0;
    return _transfer_id;
end;
$$;

-- Takes a transfer apart and returns its key: both bookings stay and count as income and spending
-- again. Errors: PT404 no such transfer, PT412 another version.
create or replace function core.legs_part(
    _user_id bigint, _transfer_id bigint, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_ids constant bigint[] := core.legs_lock(_user_id, _transfer_id, _if_match);
begin
    update data.transactions
    set transfer_id = null,
        version = version + 1,
        change_no = v_change_no,
        updated_at = now()
    where user_id = _user_id
      and id = any (v_ids);
    return _transfer_id;
end;
$$;
