-- The ledger of one owner. The shells are plpgsql, so that their plans are kept on 16 as well.

-- A page of bookings, newest first; names of categories are looked up for the rows of the page
-- alone.
create or replace function api.transaction_list(
    _user_id bigint,
    _from api.day default null,
    _to api.day default null,
    _account_id api.key default null,
    _subcategory_id api.key default null,
    _text api.label default null,
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        with page as (
            select
                booking.id, booking.account_id, booking.amount, booking.transaction_date,
                booking.description, booking.counterparty, booking.subcategory_id,
                booking.recurring_item_id, booking.transfer_id, booking.is_pending,
                row_number() over (order by booking.transaction_date desc, booking.id desc) as place
            from core.ledger_page(
                _user_id, _from, _to, core.cursor_day(_cursor), core.cursor_id(_cursor),
                _account_id, _subcategory_id, _text, _limit + 1
            ) as booking
        ),
        items as (
            select
                page.place,
                page.id,
                page.transaction_date,
                json_build_object(
                    'id', page.id,
                    'account_id', page.account_id,
                    'amount', page.amount,
                    'transaction_date', page.transaction_date,
                    'description', page.description,
                    'counterparty', page.counterparty,
                    'subcategory_id', page.subcategory_id,
                    'subcategory', named.subcategory,
                    'category', named.category,
                    'recurring_item_id', page.recurring_item_id,
                    'transfer_id', page.transfer_id,
                    'is_pending', page.is_pending
                ) as item
            from page
            left join lateral core.category_names(_user_id, page.subcategory_id) as named on true
        )
        select core.page_json(
            array_agg(item order by place),
            array_agg(  -- only the last row's is ever sent
                case when place = _limit then core.cursor_text(id, transaction_date) end
                order by place
            ),
            _limit
        )
        from items
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/transactions', 'api.transaction_list',
    summary => 'Transactions, newest first, by day, account, category or text',
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
