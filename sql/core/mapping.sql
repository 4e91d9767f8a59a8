-- How the CSV files of an account are read, as it was said or found out last time.

-- What is remembered for an account, as json, or null.
create or replace function core.mapping_json(_user_id bigint, _account_id bigint)
returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'account_id', known.account_id,
        'mapping', known.mapping,
        'columns', known.columns,
        'date_order', known.date_order,
        'decimal_mark', known.decimal_mark,
        'delimiter', known.delimiter,
        'encoding', known.encoding,
        'updated_at', known.updated_at
    )
    from data.statement_mappings as known
    where known.user_id = _user_id
      and known.account_id = _account_id;
$$;

-- What is meant by which column of a file with these columns, as remembered for an account; null
-- when nothing is (nor is an empty mapping), or the file has not all of the columns that were used.
create or replace function core.mapping_fit(_user_id bigint, _account_id bigint, _columns jsonb)
returns jsonb
language sql stable parallel safe
as $$
    select known.mapping
    from data.statement_mappings as known
    where known.user_id = _user_id
      and known.account_id = _account_id
      and known.mapping <> '{}'
      and not exists (
          select
          from jsonb_each(known.mapping) as used
          where jsonb_typeof(used.value) = 'string'
            and not coalesce(_columns, '[]') @> used.value
      );
$$;

-- Remembers which column means what for an account, in place of what was known; with {} the columns
-- are found anew. Errors: PT404 with account_id, PT422 with mapping.
create or replace function core.mapping_keep(_user_id bigint, _account_id bigint, _mapping jsonb)
returns void
language plpgsql
as $$
begin
    perform
        core.account_check(_user_id, _account_id, 'account_id'),
        core.check_rule(
            'mapping',
            jsonb_typeof(_mapping) = 'object' and octet_length(_mapping::text) <= 8192,
            'mapping must be an object of at most 8 KiB: what is meant, and the column''s name'
        ),
        core.check_rule(
            'mapping',
            _mapping = '{}' or (_mapping ? 'date' and _mapping ?| '{amount,debit,credit}'),
            'mapping must name the columns of date and amount (or debit, credit), or be {}'
        );
    insert into data.statement_mappings as known (user_id, account_id, mapping)
    values (_user_id, _account_id, _mapping)
    on conflict (user_id, account_id) do update set
        mapping = excluded.mapping,
        updated_at = now();
end;
$$;

-- Remembers how a CSV file that was booked into one account was read: the dialect that came with
-- its last part, and its columns.
create or replace function core.mapping_learn(_user_id bigint, _import_id bigint)
returns void
language sql
as $$
    insert into data.statement_mappings as known (
        user_id, account_id, mapping, columns, date_order, decimal_mark, delimiter, encoding
    )
    select
        _user_id,
        import.account_id,
        import.options -> 'mapping',
        coalesce(import.options -> 'columns', '[]'),
        import.options #>> '{dialect,date_order}',
        import.options #>> '{dialect,decimal_mark}',
        left(import.options #>> '{dialect,delimiter}', 1),
        import.options ->> 'encoding'
    from data.statement_imports as import
    where import.user_id = _user_id
      and import.id = _import_id
      and import.format = 'csv'
      and import.account_id is not null
      and jsonb_typeof(import.options -> 'mapping') = 'object'
    on conflict (user_id, account_id) do update set
        mapping = excluded.mapping,
        columns = excluded.columns,
        date_order = excluded.date_order,
        decimal_mark = excluded.decimal_mark,
        delimiter = excluded.delimiter,
        encoding = excluded.encoding,
        updated_at = now();
$$;
