-- Files of a bank, read into the ledger.

-- One part of a file. The first answers an upload_id and the mapping that is remembered for the
-- account; the last answers the import with its report. When the last part books, the clock of the
-- ledger is raised before anything else is locked.
create or replace function api.import_add(
    _user_id bigint,
    _file jsonb,
    _rows jsonb,
    _account_id api.key default null,
    _dry_run boolean default false,
    _strict boolean default false,
    _restore boolean default false,
    _accounts api.note default null
)
returns json
language plpgsql
as $$
declare
    v_is_last constant boolean := coalesce((_file ->> 'is_last')::boolean, false);
    v_id bigint := _file ->> 'upload_id';
    v_change_no bigint;
    v_is_taken boolean;
begin
    if v_is_last and not coalesce(_dry_run, false) then
        v_change_no := core.clock_tick(_user_id);
    end if;
    if v_id is null then
        if _accounts is not null and not pg_input_is_valid(_accounts, 'jsonb') then
            perform core.check_rule('accounts', false, 'accounts must be JSON');
        end if;
        v_id := core.upload_start(
            _user_id, _file, _account_id,
            jsonb_build_object(
                'dry_run', coalesce(_dry_run, false),
                'strict', coalesce(_strict, false),
                'restore', coalesce(_restore, false),
                'accounts', coalesce(_accounts::jsonb, '{}')
            )
        );
    end if;
    -- A statement of its own: beside a false v_is_last a plan may leave the call out.
    v_is_taken := core.upload_take(_user_id, v_id, _file, _rows);
    if v_is_taken and v_is_last then
        perform core.close_run(_user_id, v_id, _file -> 'fault', v_change_no);
    end if;
    if v_is_last then
        return core.statement_json(_user_id, v_id);
    end if;
    return json_build_object(
        'upload_id', v_id,
        'mapping', case
            when _file ->> 'part' = '0'
                then core.mapping_fit(_user_id, _account_id, _file -> 'columns')
        end
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/statement-imports', 'api.import_add',
    summary => 'Read a file of the bank: report, and unless it is a dry run, book what is new',
    tags => '{transactions,accounts,forecast}',
    timeout_ms => 60000,
    is_fast => false,
    max_file_bytes => 67108864,
    answer => core.statement_shape() || core.statement_extras()
);

-- A page of imports, newest first.
create or replace function api.import_list(
    _user_id bigint, _limit api.page_limit default 50, _cursor api.cursor default null
)
returns json
language plpgsql stable
as $$
begin
    perform core.cursor_check(_cursor);
    return (
        select core.page_json(
            array_agg(to_json(import) order by import.id desc),
            array_agg(core.cursor_text(import.id) order by import.id desc),
            _limit
        )
        from core.statement_page(
            _user_id, coalesce(core.cursor_id(_cursor), 9223372036854775807), _limit + 1
        ) as import
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/statement-imports', 'api.import_list',
    summary => 'Files that were read, newest first: how far each is and what it came to',
    answer => core.shape_page(core.statement_shape())
);

create or replace function api.import_read(_user_id bigint, _import_id api.key)
returns json
language plpgsql stable
as $$
begin
    return core.check_found('import', core.statement_json(_user_id, _import_id));
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/statement-imports/{import_id}', 'api.import_read',
    summary => 'One import: its progress while the file comes in, then its report',
    answer => core.statement_shape() || core.statement_extras()
);

create or replace function api.import_book(_user_id bigint, _import_id api.key)
returns json
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
begin
    perform core.close_book(_user_id, _import_id, v_change_no);
    return core.statement_json(_user_id, _import_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/statement-imports/{import_id}/book', 'api.import_book',
    summary => 'Book what a dry run showed',
    needs_key => true,
    tags => '{transactions,accounts,forecast}',
    timeout_ms => 60000,
    is_fast => false,
    answer => core.statement_shape() || core.statement_extras()
);

create or replace function api.import_undo(_user_id bigint, _import_id api.key)
returns json
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_undone record;
begin
    select dropped_count, restored_count, kept_ids into v_undone
    from core.undo_run(_user_id, _import_id, v_change_no);
    return json_build_object(
        'id', _import_id,
        'status', 'undone',
        'dropped_count', v_undone.dropped_count,
        'restored_count', v_undone.restored_count,
        'kept_count', cardinality(v_undone.kept_ids),
        'kept_ids', to_json(v_undone.kept_ids[:100])
    );
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/statement-imports/{import_id}/undo', 'api.import_undo',
    summary => 'Take an import back: all that it added or changed and nobody touched since',
    needs_key => true,
    tags => '{transactions,accounts,forecast}',
    timeout_ms => 60000,
    is_fast => false,
    answer => '{
        "id": "integer",
        "status": "undone|booked",
        "dropped_count": "integer",
        "restored_count": "integer",
        "kept_count": "integer",
        "kept_ids": ["integer"]
    }'
);
