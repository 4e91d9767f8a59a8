-- Accounts of one owner. The shells are plpgsql, so that their plans are kept on 16 as well.

-- A page of accounts by key.
create or replace function api.account_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(account) order by account.id),
            array_agg(core.cursor_text(account.id) order by account.id),
            _limit
        )
        from core.account_page(
            _user_id, coalesce(core.cursor_id(_cursor), 0), _limit + 1
        ) as account
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/accounts', 'api.account_list',
    summary => 'Accounts, oldest first',
    scope => 'accounts',
    answer => core.shape_page(core.account_shape())
);

create or replace function api.account_read(_user_id bigint, _account_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('account', core.account_json(_user_id, _account_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/accounts/{account_id}', 'api.account_read',
    summary => 'One account',
    scope => 'accounts',
    answer => core.account_shape()
);

create or replace function api.account_add(
    _user_id bigint,
    _name api.label,
    _type api.account_type default 'checking',
    _currency api.currency default null,
    _opening_balance api.money default 0,
    _opened_on api.day default null,
    _bank_name api.label default null,
    _number_masked api.label default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.account_add(
        _user_id, _name, coalesce(_type, 'checking'), _currency, coalesce(_opening_balance, 0),
        _opened_on, _bank_name, _number_masked
    );
begin
    return core.account_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/accounts', 'api.account_add',
    summary => 'Open an account',
    status => 201,
    tags => '{accounts,forecast}',
    fields => '{"number_masked": {"maxLength": 34}}',
    answer => core.account_shape()
);

-- It was without _if_match before; beside that form it would be overloaded.
drop function if exists api.account_edit(
    bigint, api.key, jsonb, api.label, api.account_type, api.currency, api.money, api.day,
    api.label, api.label, boolean
);

create or replace function api.account_edit(
    _user_id bigint,
    _account_id api.key,
    _body jsonb,
    _name api.label default null,
    _type api.account_type default null,
    _currency api.currency default null,
    _opening_balance api.money default null,
    _opened_on api.day default null,
    _bank_name api.label default null,
    _number_masked api.label default null,
    _is_active boolean default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.account_edit(
        _user_id, _account_id, _body, _name, _type, _currency, _opening_balance, _opened_on,
        _bank_name, _number_masked, _is_active, _if_match
    );
begin
    return core.account_json(_user_id, v_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/accounts/{account_id}', 'api.account_edit',
    summary => 'Edit an account: absent fields stay, null clears',
    tags => '{accounts,forecast}',
    fields => '{"number_masked": {"maxLength": 34}}',
    answer => core.account_shape()
);

-- It was without _if_match before; beside that form it would be overloaded.
drop function if exists api.account_drop(bigint, api.key);

create or replace function api.account_drop(
    _user_id bigint, _account_id api.key, _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.account_drop(_user_id, _account_id, _if_match), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/accounts/{account_id}', 'api.account_drop',
    summary => 'Drop an account that nothing was booked on',
    tags => '{accounts,forecast}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
