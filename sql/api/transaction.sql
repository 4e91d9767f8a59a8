-- The ledger of one owner. The shells are plpgsql, so that their plans are kept on 16 as well.

-- It took fewer fields before; beside that form it would be overloaded.
drop function if exists api.transaction_list(
    bigint, api.day, api.day, api.key, api.key, api.label, api.page_limit, api.cursor
);

create or replace function api.transaction_list(
    _user_id bigint,
    _from api.day default null,
    _to api.day default null,
    _account_id api.key default null,
    _subcategory_id api.key default null,
    _category_id api.key default null,
    _text api.label default null,
    _min_amount api.money default null,
    _max_amount api.money default null,
    _direction api.direction default null,
    _is_pending boolean default null,
    _tag api.tag default null,
    _order api.ledger_order default 'newest',
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    return core.listing_json(
        _user_id, _order, _from, _to, _account_id, _subcategory_id, _category_id, _text,
        greatest((_min_amount * 100)::bigint, case _direction when 'in' then 1 end),
        least((_max_amount * 100)::bigint, case _direction when 'out' then -1 end),
        _is_pending, _tag, _limit, _cursor
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/transactions', 'api.transaction_list',
    summary => 'Transactions in four orders, by day, account, category, text, amount or tag',
    scope => 'transactions',
    answer => core.shape_page(core.ledger_shape())
);

create or replace function api.transaction_read(_user_id bigint, _transaction_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('transaction', core.ledger_json(_user_id, _transaction_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/transactions/{transaction_id}', 'api.transaction_read',
    summary => 'One transaction with its comment and the bank''s own id',
    scope => 'transactions',
    answer => core.ledger_shape() || core.ledger_extras()
);

-- They took fewer fields before; beside those forms they would be overloaded.
drop function if exists
    api.transaction_drop(bigint, api.key),
    api.transaction_add(
        bigint, api.key, api.money, api.day, api.label, api.note, api.key, api.label, api.code,
        boolean, api.key
    ),
    api.transaction_edit(
        bigint, api.key, jsonb, api.key, api.money, api.day, api.label, api.note, api.key,
        api.label, boolean, api.key
    ),
    api.transaction_edit(
        bigint, api.key, jsonb, api.key, api.money, api.day, api.label, api.note, api.key,
        api.label, boolean, api.key, bigint
    );

create or replace function api.transaction_add(
    _user_id bigint,
    _account_id api.key,
    _amount api.money,
    _transaction_date api.day,
    _description api.label,
    _comment api.note default null,
    _subcategory_id api.key default null,
    _counterparty api.label default null,
    _external_id api.code default null,
    _is_pending boolean default false,
    _recurring_item_id api.key default null,
    _tags api.tags default '{}'
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.transaction_add(
        _user_id, _account_id, _amount, _transaction_date, _description, _comment,
        _subcategory_id, _counterparty, _external_id, coalesce(_is_pending, false),
        _recurring_item_id, _tags
    );
begin
    return core.ledger_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transactions', 'api.transaction_add',
    summary => 'Book a transaction: income positive, spending negative',
    status => 201,
    needs_key => true,
    tags => '{transactions,accounts,forecast}',
    answer => core.ledger_shape() || core.ledger_extras()
);

create or replace function api.transaction_edit(
    _user_id bigint,
    _transaction_id api.key,
    _body jsonb,
    _account_id api.key default null,
    _amount api.money default null,
    _transaction_date api.day default null,
    _description api.label default null,
    _comment api.note default null,
    _subcategory_id api.key default null,
    _counterparty api.label default null,
    _is_pending boolean default null,
    _recurring_item_id api.key default null,
    _if_match bigint default null,
    _tags api.tags default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.transaction_edit(
        _user_id, _transaction_id, _body, _account_id, _amount, _transaction_date, _description,
        _comment, _subcategory_id, _counterparty, _is_pending, _recurring_item_id, _if_match,
        _tags
    );
begin
    return core.ledger_json(_user_id, v_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/transactions/{transaction_id}', 'api.transaction_edit',
    summary => 'Edit a transaction: absent fields stay, null clears',
    tags => '{transactions,accounts,forecast}',
    answer => core.ledger_shape() || core.ledger_extras()
);

create or replace function api.transaction_drop(
    _user_id bigint, _transaction_id api.key, _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.transaction_drop(_user_id, _transaction_id, _if_match), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/transactions/{transaction_id}', 'api.transaction_drop',
    summary => 'Drop a transaction and give its amount back to the account',
    tags => '{transactions,accounts,forecast}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
