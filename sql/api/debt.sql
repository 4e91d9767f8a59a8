-- Debts of one owner. The shells are plpgsql, so that their plans are kept on 16 as well.

-- A page of debts by key.
create or replace function api.debt_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(debt) order by debt.id),
            array_agg(core.cursor_text(debt.id) order by debt.id),
            _limit
        )
        from core.debt_page(
            _user_id, coalesce(core.cursor_id(_cursor), 0), _limit + 1
        ) as debt
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/debts', 'api.debt_list',
    summary => 'Debts, oldest first',
    scope => 'forecast',
    answer => core.shape_page(core.debt_shape())
);

create or replace function api.debt_read(_user_id bigint, _debt_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('debt', core.debt_json(_user_id, _debt_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/debts/{debt_id}', 'api.debt_read',
    summary => 'One debt',
    scope => 'forecast',
    answer => core.debt_shape()
);

create or replace function api.debt_add(
    _user_id bigint,
    _name api.label,
    _apr api.yearly_rate,
    _minimum_payment api.money,
    _balance api.money default null,
    _account_id api.key default null,
    _currency api.currency default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.loan_add(
        _user_id, _name, _apr, _minimum_payment, _balance, _account_id, _currency
    );
begin
    return core.debt_json(_user_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/debts', 'api.debt_add',
    summary => 'Add a debt: what is owed, or the account that says it',
    status => 201,
    tags => '{debts}',
    fields => '{
        "balance": {
            "minimum": 0, "maximum": 1000000000,
            "description": "What is owed, positive; without it, an account says it"
        },
        "account_id": {"description": "Account whose balance below zero is what is owed"},
        "minimum_payment": {
            "minimum": 0, "maximum": 1000000000, "description": "The least that is paid each month"
        }
    }',
    answer => core.debt_shape()
);

create or replace function api.debt_edit(
    _user_id bigint,
    _debt_id api.key,
    _body jsonb,
    _name api.label default null,
    _apr api.yearly_rate default null,
    _minimum_payment api.money default null,
    _balance api.money default null,
    _account_id api.key default null,
    _currency api.currency default null,
    _is_active boolean default null,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.loan_edit(_user_id, _debt_id, _body, _if_match);
begin
    return core.debt_json(_user_id, v_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/debts/{debt_id}', 'api.debt_edit',
    summary => 'Edit a debt: absent fields stay; a balance takes the place of an account',
    tags => '{debts}',
    fields => '{
        "balance": {"minimum": 0, "maximum": 1000000000},
        "minimum_payment": {"minimum": 0, "maximum": 1000000000}
    }',
    answer => core.debt_shape()
);

create or replace function api.debt_drop(
    _user_id bigint, _debt_id api.key, _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.loan_drop(_user_id, _debt_id, _if_match), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/debts/{debt_id}', 'api.debt_drop',
    summary => 'Drop a debt; accounts and bookings stay',
    tags => '{debts}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
