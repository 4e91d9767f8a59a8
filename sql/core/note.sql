-- Notes that an owner attaches to a booking: as many as a hundred, oldest first.

-- The notes of one booking with keys above _after_id, by key, under the names of the wire.
create or replace function core.note_rows(
    _user_id bigint, _transaction_id bigint, _after_id bigint, _limit integer
)
returns table (
    version integer, id bigint, note text, created_at timestamptz, updated_at timestamptz
)
language sql stable parallel safe
as $$
    select version, id, note, created_at, updated_at
    from data.transaction_notes
    where user_id = _user_id
      and transaction_id = _transaction_id
      and id > _after_id
    order by id
    limit _limit;
$$;

-- How many notes a booking has.
create or replace function core.note_count(_user_id bigint, _transaction_id bigint)
returns bigint
language sql stable parallel safe
as $$
    select count(*)
    from data.transaction_notes
    where user_id = _user_id
      and transaction_id = _transaction_id;
$$;

-- What api functions say of a note, in the words of api.route.
create or replace function core.note_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "integer",
        "note": "text",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- The one note as json, or null.
create or replace function core.note_json(
    _user_id bigint, _transaction_id bigint, _note_id bigint
)
returns json
language sql stable parallel safe
as $$
    select to_json(written)
    from core.note_rows(_user_id, _transaction_id, _note_id - 1, 1) as written
    where written.id = _note_id;
$$;

-- The key of the booking that notes are asked for. Errors: PT404 no such transaction.
create or replace function core.note_home(_user_id bigint, _transaction_id bigint)
returns bigint
language sql stable parallel safe
as $$
    select core.check_found(
        'transaction',
        (select id from data.transactions where user_id = _user_id and id = _transaction_id)
    );
$$;

-- Marks the booking of a note as changed and returns its key: who keeps a copy of the ledger asks
-- for what changed. Its version stays: a note is not an edit of it. Errors: PT404 no such
-- transaction.
create or replace function core.note_touch(_user_id bigint, _transaction_id bigint)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_id bigint;
begin
    update data.transactions
    set change_no = v_change_no
    where user_id = _user_id
      and id = _transaction_id
    returning id into v_id;
    return core.check_found('transaction', v_id);
end;
$$;

-- Attaches a note and returns its key. Errors: PT404 no such transaction, PT409 it has a hundred,
-- PT422 with note when nothing is written.
create or replace function core.note_add(_user_id bigint, _transaction_id bigint, _note text)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform core.note_check(_note);
    perform core.note_touch(_user_id, _transaction_id);
    if (
        select count(*) from data.transaction_notes
        where user_id = _user_id and transaction_id = _transaction_id
    ) >= 100 then
        raise exception 'A transaction has a hundred notes at most'
            using errcode = 'PT409', column = 'note';
    end if;
    insert into data.transaction_notes (user_id, transaction_id, note)
    values (_user_id, _transaction_id, _note)
    returning id into v_id;
    return v_id;
end;
$$;

-- True when there is something to read. Errors: PT422 with note.
create or replace function core.note_check(_note text)
returns boolean
language sql stable parallel safe
as $$
    select core.check_rule('note', _note ~ '[^[:space:]]', 'A note says something');
$$;

-- Changes the text of a note and returns its key. Errors: PT404 no such transaction or note, PT412
-- another version, PT422 with note.
create or replace function core.note_edit(
    _user_id bigint,
    _transaction_id bigint,
    _note_id bigint,
    _note text,
    _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform core.note_check(_note);
    perform core.note_touch(_user_id, _transaction_id);
    update data.transaction_notes
    set note = _note,
        version = core.version_raised(version, _if_match),
        updated_at = now()
    where user_id = _user_id
      and transaction_id = _transaction_id
      and id = _note_id
    returning id into v_id;
    return core.check_found('note', v_id);
end;
$$;

-- Takes a note away and returns its key. Errors: PT404 no such transaction or note, PT412 another
-- version.
create or replace function core.note_drop(
    _user_id bigint, _transaction_id bigint, _note_id bigint, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform core.note_touch(_user_id, _transaction_id);
    delete from data.transaction_notes
    where user_id = _user_id
      and transaction_id = _transaction_id
      and id = _note_id
      and core.version_check(version, _if_match)
    returning id into v_id;
    return core.check_found('note', v_id);
end;
$$;
