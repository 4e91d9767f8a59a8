-- Transfers between accounts of one owner.

-- A page of transfers, newest first.
create or replace function api.transfer_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(
                to_json(transfer) order by transfer.transaction_date desc, transfer.id desc
            ),
            array_agg(
                core.cursor_text(transfer.id, transfer.transaction_date)
                order by transfer.transaction_date desc, transfer.id desc
            ),
            _limit
        )
        from core.legs_page(
            _user_id,
            coalesce(core.cursor_day(_cursor), '2200-12-31'),
            coalesce(core.cursor_id(_cursor), 9223372036854775807),
            _limit + 1
        ) as transfer
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/transfers', 'api.transfer_list',
    summary => 'Transfers between your accounts, newest first',
    scope => 'transactions',
    answer => core.shape_page(core.legs_shape())
);

create or replace function api.transfer_read(_user_id bigint, _transfer_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('transfer', core.legs_json(_user_id, _transfer_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/transfers/{transfer_id}', 'api.transfer_read',
    summary => 'One transfer; its number is that of the booking that leaves',
    scope => 'transactions',
    answer => core.legs_shape()
);

create or replace function api.transfer_add(
    _user_id bigint,
    _from_account_id api.key,
    _to_account_id api.key,
    _amount api.money,
    _transaction_date api.day,
    _description api.label default 'Transfer',
    _comment api.note default null,
    _is_pending boolean default false
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.transfer_add(
        _user_id, _from_account_id, _to_account_id, _amount, _transaction_date,
        coalesce(_description, 'Transfer'), _comment, coalesce(_is_pending, false)
    );
begin
    return core.legs_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transfers', 'api.transfer_add',
    summary => 'Move money between two of your accounts: both bookings at once',
    status => 201,
    needs_key => true,
    tags => '{transactions,accounts,forecast}',
    fields => '{"amount": {"minimum": 0.01, "description": "What is moved, positive"}}',
    answer => core.legs_shape()
);

create or replace function api.transfer_link(
    _user_id bigint, _leaving_id api.key, _arriving_id api.key
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.transfer_link(_user_id, _leaving_id, _arriving_id);
begin
    return core.legs_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transfers/link', 'api.transfer_link',
    summary => 'Make one transfer of two bookings of opposite amounts',
    status => 201,
    needs_key => true,
    tags => '{transactions,forecast}',
    answer => core.legs_shape()
);

create or replace function api.transfer_edit(
    _user_id bigint,
    _transfer_id api.key,
    _body jsonb,
    _amount api.money default null,
    _transaction_date api.day default null,
    _description api.label default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    perform
        core.check_kept(_body, '{amount,transaction_date,description}'),
        core.legs_edit(
            _user_id, _transfer_id, _amount, _transaction_date, _description, _if_match
        );
    return core.legs_json(_user_id, _transfer_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/transfers/{transfer_id}', 'api.transfer_edit',
    summary => 'Edit both bookings of a transfer: absent fields stay',
    tags => '{transactions,accounts,forecast}',
    fields => '{"amount": {"minimum": 0.01, "description": "What is moved, positive"}}',
    answer => core.legs_shape()
);

create or replace function api.transfer_drop(
    _user_id bigint, _transfer_id api.key, _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.legs_part(_user_id, _transfer_id, _if_match), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/transfers/{transfer_id}', 'api.transfer_drop',
    summary => 'Take a transfer apart: both bookings stay',
    tags => '{transactions,forecast}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
