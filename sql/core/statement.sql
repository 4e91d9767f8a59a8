-- Imports as their owner sees them: how far one is, what it came to, and all of them in a list.

-- One import as json with its report, or null.
create or replace function core.statement_json(_user_id bigint, _import_id bigint)
returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'id', import.id,
        'status', import.status,
        'failure', import.failure,
        'file_name', import.file_name,
        'format', import.format,
        'account_id', import.account_id,
        'byte_count', import.byte_count,
        'bytes_total', import.bytes_total,
        'read_count', import.read_count,
        'new_count', import.new_count,
        'duplicate_count', import.duplicate_count,
        'rejected_count', import.rejected_count,
        'matched_count', import.matched_count,
        'created_at', import.created_at,
        'finished_at', import.finished_at,
        'sha256', import.sha256,
        'options', import.options,
        'report', import.report
    )
    from data.statement_imports as import
    where import.user_id = _user_id
      and import.id = _import_id;
$$;

-- Imports of one owner with keys below _before_id, newest first, without their reports.
create or replace function core.statement_page(_user_id bigint, _before_id bigint, _limit integer)
returns table (
    id bigint,
    status text,
    failure text,
    file_name text,
    format text,
    account_id bigint,
    byte_count bigint,
    bytes_total bigint,
    read_count integer,
    new_count integer,
    duplicate_count integer,
    rejected_count integer,
    matched_count integer,
    created_at timestamptz,
    finished_at timestamptz
)
language sql stable parallel safe
as $$
    select
        id,
        status,
        failure,
        file_name,
        format,
        account_id,
        byte_count,
        bytes_total,
        read_count,
        new_count,
        duplicate_count,
        rejected_count,
        matched_count,
        created_at,
        finished_at
    from data.statement_imports
    where user_id = _user_id
      and id < _before_id
    order by id desc
    limit _limit;
$$;

-- What api functions say of an import in a list, in the words of api.route.
create or replace function core.statement_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "id": "integer",
        "status": "staged|previewed|booked|failed|undone",
        "failure": "text?",
        "file_name": "text?",
        "format": "text",
        "account_id": "integer?",
        "byte_count": "integer",
        "bytes_total": "integer?",
        "read_count": "integer",
        "new_count": "integer",
        "duplicate_count": "integer",
        "rejected_count": "integer",
        "matched_count": "integer",
        "created_at": "timestamp",
        "finished_at": "timestamp?"
    }'::jsonb;
$$;

-- What core.statement_json adds to core.statement_shape. The lists of the report hold its first
-- rows; they are missing until the file is there.
create or replace function core.statement_extras()
returns jsonb
language sql immutable parallel safe
as $$
    with found as (
        select '{
            "line": "integer?",
            "account_id": "integer",
            "transaction_date": "date",
            "amount": "money",
            "description": "text",
            "counterparty": "text?",
            "rule": "text",
            "is_dropped": "boolean",
            "booking": {
                "id?": "integer",
                "transaction_date?": "date",
                "amount?": "money",
                "description?": "text"
            }
        }'::jsonb as item
    )
    select jsonb_build_object(
        'sha256', 'text?',
        'options', 'object',
        'report', jsonb_build_object(
            'shown?', 'integer',
            'new?', '[{
                "line": "integer?",
                "account_id": "integer",
                "transaction_date": "date",
                "amount": "money",
                "description": "text",
                "counterparty": "text?",
                "category": "text?"
            }]'::jsonb,
            'duplicate?', jsonb_build_array(found.item),
            'matched?', jsonb_build_array(found.item),
            'rejected?', '[{
                "line": "integer?", "column": "text?", "reason": "text", "text": "text?"
            }]'::jsonb,
            'accounts?', '[{
                "name": "text?",
                "currency": "text?",
                "account_id": "integer?",
                "row_count": "integer"
            }]'::jsonb,
            'balances?', '[{
                "account_id": "integer",
                "name": "text?",
                "closing_on": "date",
                "file_balance": "money",
                "ledger_balance": "money",
                "difference": "money"
            }]'::jsonb
        )
    )
    from found;
$$;
