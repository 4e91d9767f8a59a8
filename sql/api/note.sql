-- Notes on a booking.

-- A page of notes, oldest first. Errors: PT404 no such transaction.
create or replace function api.note_list(
    _user_id bigint,
    _transaction_id api.key,
    _limit api.page_limit default 50,
    _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform
        core.cursor_check(_cursor),
        core.note_home(_user_id, _transaction_id);
    return (
        select core.page_json(
            array_agg(to_json(written) order by written.id),
            array_agg(core.cursor_text(written.id) order by written.id),
            _limit
        )
        from core.note_rows(
            _user_id, _transaction_id, coalesce(core.cursor_id(_cursor), 0), _limit + 1
        ) as written
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/transactions/{transaction_id}/notes', 'api.note_list',
    summary => 'Notes on a transaction, oldest first',
    scope => 'transactions',
    answer => core.shape_page(core.note_shape())
);

create or replace function api.note_add(
    _user_id bigint, _transaction_id api.key, _note api.note
)
returns json
language plpgsql
as $$
declare
    v_id constant bigint := core.note_add(_user_id, _transaction_id, _note);
begin
    return core.note_json(_user_id, _transaction_id, v_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/transactions/{transaction_id}/notes', 'api.note_add',
    summary => 'Attach a note to a transaction',
    status => 201,
    tags => '{transactions}',
    answer => core.note_shape()
);

create or replace function api.note_edit(
    _user_id bigint,
    _transaction_id api.key,
    _note_id api.key,
    _note api.note,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    perform core.note_edit(_user_id, _transaction_id, _note_id, _note, _if_match);
    return core.note_json(_user_id, _transaction_id, _note_id);
end;
$$;

call api.route(
    'PATCH /api/v2/users/{user_id}/transactions/{transaction_id}/notes/{note_id}',
    'api.note_edit',
    summary => 'Change the text of a note',
    tags => '{transactions}',
    answer => core.note_shape()
);

create or replace function api.note_drop(
    _user_id bigint,
    _transaction_id api.key,
    _note_id api.key,
    _if_match bigint default null
)
returns json
language plpgsql
as $$
begin
    return json_build_object(
        'id', core.note_drop(_user_id, _transaction_id, _note_id, _if_match), 'dropped', true
    );
end;
$$;

call api.route(
    'DELETE /api/v2/users/{user_id}/transactions/{transaction_id}/notes/{note_id}',
    'api.note_drop',
    summary => 'Take a note away',
    tags => '{transactions}',
    answer => '{"id": "integer", "dropped": "boolean"}'
);
