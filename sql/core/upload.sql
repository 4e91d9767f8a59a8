-- A file that comes in: its row of data.statement_imports from the first part to its end.

-- Begins an import and returns its key. Errors: PT404 with account_id or accounts, PT422 with
-- accounts.
create or replace function core.upload_start(
    _user_id bigint, _file jsonb, _account_id bigint, _options jsonb
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform
        _account_id is null or core.account_check(_user_id, _account_id, 'account_id'),
        core.check_rule(
            'accounts', jsonb_typeof(_options -> 'accounts') = 'object',
            'accounts must be a JSON object: the name in the file, and the account_id'
        ),
        core.check_known(
            'accounts', 'account',
            not exists (
                select
                from jsonb_each_text(_options -> 'accounts') as named
                where named.value is not null
                  and not exists (
                      select
                      from data.accounts as account
                      where account.user_id = _user_id and account.id::text = named.value
                  )
            )
        );
    insert into data.statement_imports (user_id, account_id, file_name, format, options)
    values (
        _user_id, _account_id, left(_file ->> 'name', 255), coalesce(_file ->> 'format', 'csv'),
        _options || core.upload_options(_file)
    )
    returning id into v_id;
    return v_id;
end;
$$;

-- How a file is read, as far as its import remembers it.
create or replace function core.upload_options(_file jsonb)
returns jsonb
language sql immutable parallel safe
as $$
    select jsonb_strip_nulls(
        jsonb_build_object(
            'encoding', _file -> 'encoding',
            'dialect', _file -> 'dialect',
            'columns', _file -> 'columns',
            'mapping', _file -> 'mapping'
        )
    );
$$;

-- Takes one part: its rows behind those that came before. False for a part that was taken already
-- (it was sent twice), true for the next one. Errors: PT404 no such import, PT409 a part is
-- missing, or the import has ended.
create or replace function core.upload_take(
    _user_id bigint, _import_id bigint, _file jsonb, _rows jsonb
)
returns boolean
language plpgsql
as $$
declare
    v_import record;
    v_part constant integer := _file ->> 'part';
    v_count integer;
begin
    select account_id, status, part_count, read_count, options
    into v_import
    from data.statement_imports
    where user_id = _user_id
      and id = _import_id
    for no key update;
    perform core.check_found('import', found or null);
    if v_part < v_import.part_count then
        return false;
    end if;
    if v_part > v_import.part_count or v_import.status <> 'staged' then
        raise exception 'Parts of this file are missing, or it has ended: send it again'
            using errcode = 'PT409';
    end if;

    v_count := v_import.read_count;
    if jsonb_array_length(coalesce(_rows, '[]')) > 0 then
        v_count := core.stage_take(
            _user_id, _import_id, v_count, _rows, v_import.account_id,
            v_import.options -> 'accounts'
        );
    end if;
    update data.statement_imports
    set part_count = v_part + 1,
        read_count = v_count,
        format = coalesce(_file ->> 'format', format),
        byte_count = coalesce((_file ->> 'bytes_read')::bigint, byte_count),
        bytes_total = coalesce((_file ->> 'bytes_total')::bigint, bytes_total),
        sha256 = coalesce(_file ->> 'sha256', sha256),
        statements = coalesce(nullif(_file -> 'statements', 'null'), statements),
        options = options || core.upload_options(_file),
        updated_at = now()
    where user_id = _user_id
      and id = _import_id;
    return true;
end;
$$;

-- Ends as failed what nobody went on with for a day, and takes away the rows that are left of it or
-- of users who went; how many imports ended like that.
create or replace function core.upload_forget(_before timestamptz default now() - interval '1 day')
returns bigint
language sql
as $$
    with ended as (
        update data.statement_imports
        set status = 'failed',
            failure = case status
                when 'staged' then 'The rest of the file never came'
                else 'Nobody booked it within a day'
            end,
            updated_at = now(),
            finished_at = coalesce(finished_at, now())
        where status in ('staged', 'previewed')
          and updated_at < _before
        returning user_id, id
    ),
    gone as (
        delete from data.staged_rows as staged
        where (staged.user_id, staged.import_id) in (select user_id, id from ended)
           or not exists (
               select
               from data.statement_imports as import
               where import.user_id = staged.user_id
                 and import.id = staged.import_id
                 and import.status in ('staged', 'previewed')
           )
    )
    select count(*) from ended;
$$;
call core.cross_owner(
    'core.upload_forget(timestamptz)', 'a job takes away what nobody booked, whoever sent it'
);
